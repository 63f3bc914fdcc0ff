import assert from "node:assert/strict";
import fc from "fast-check";
import { FIRST_VIEW, type ListView, readView, writeView } from "./list_view.ts";

const name = fc.string({ minLength: 1, maxLength: 20 });
const view: fc.Arbitrary<ListView> = fc.record({
  filter: fc.string(),
  order: fc.record({
    key: fc.constantFrom("name", "option.learningRate", "validation.loss"),
    descending: fc.boolean(),
  }, { noNullPrototype: true }),
  columns: fc.option(fc.uniqueArray(name)),
  grouping: fc.constantFrom("family", "none", "option.activation"),
  open: fc.uniqueArray(name),
  picked: fc.uniqueArray(name).map((names) => new Map(names.map((it, i) => [it, 2 * i]))),
  baseline: fc.option(name),
  showsHidden: fc.boolean(),
}, { noNullPrototype: true });

Deno.test("every view comes back from its address", () => {
  fc.assert(fc.property(view, (it) => assert.deepEqual(readView(writeView(it)), it)));
  assert.equal(writeView(FIRST_VIEW), "");
  assert.deepEqual(readView(""), FIRST_VIEW);
});

Deno.test("whatever an address says, it is a view", () => {
  fc.assert(fc.property(fc.string(), fc.webQueryParameters(), (a, b) => {
    for (const query of [a, b, `runs=${a}&slots=${b}&sort=${a}`]) {
      const { order, picked } = readView(query);
      assert(typeof order.key === "string" && picked instanceof Map);
    }
  }));
});
