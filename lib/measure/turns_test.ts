import assert from "node:assert/strict";
import { Contender } from "./contender.ts";
import { Turns } from "./turns.ts";

function contender(label: string): Contender {
  return new Contender({
    label,
    backend: "reference",
    threads: 1,
    simd: null,
    adapter: null,
    software: false,
    options: { backend: "reference" },
  });
}

Deno.test("contenders take turns, and one that fails is out while the others continue", async () => {
  const [a, b, c] = ["a", "b", "c"].map(contender);
  const failures: string[] = [];
  const turns = new Turns({
    signal: new AbortController().signal,
    onFailure: (label, error) => failures.push(`${label}: ${(error as Error).message}`),
  });
  const seen: string[] = [];
  await turns.rounds(2, [a, b, c], "something", ({ record: { label } }) => {
    seen.push(label);
    if (label === "b") throw new Error("no\nmore");
    return Promise.resolve();
  });
  assert.deepEqual(seen, ["a", "b", "c", "a", "c"]);
  assert.deepEqual([a.failed, b.failed, c.failed], [false, true, false]);
  assert.equal(b.record.error, "no");
  assert.deepEqual(failures, ["b: no\nmore"]);
});

Deno.test("an interruption ends the turns, and is no contender's fault", async () => {
  const controller = new AbortController();
  const turns = new Turns({ signal: controller.signal });
  const both = ["a", "b"].map(contender);
  const seen: string[] = [];
  const running = turns.each(both, "something", ({ record: { label } }) => {
    seen.push(label);
    controller.abort(new Error("Ctrl-C"));
    throw new Error("stopped in the middle");
  });
  await assert.rejects(running, /^Error: Ctrl-C$/);
  assert.deepEqual(seen, ["a"]);
  assert(both.every(({ failed }) => !failed));
});
