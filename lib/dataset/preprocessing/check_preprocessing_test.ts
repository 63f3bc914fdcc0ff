import assert from "node:assert/strict";
import fc from "fast-check";
import { checkedPreprocessing } from "./check_preprocessing.ts";
import type { Preprocessing } from "./preprocessing.ts";

const WHOLE: Preprocessing = {
  columns: [
    { kind: "number", name: "n", impute: 1, indicator: true, mean: 2, std: 3 },
    { kind: "category", name: "c", values: ["x", "y"], hole: false },
    { kind: "vector", name: "v", size: 2, mean: [0, 1], std: [1, 2] },
    { kind: "vector", name: "w", size: 1, mean: null, std: null },
  ],
  ignored: ["id"],
  target: { names: ["t"], separator: "|" },
};
const FEATURES = 8;

const [number, category, vector] = WHOLE.columns;
const withColumns = (...columns: unknown[]) => ({ ...WHOLE, columns });

Deno.test("what was written is read, without what else is there", () => {
  assert.deepEqual(checkedPreprocessing(WHOLE, FEATURES), WHOLE);
  const more = withColumns({ ...number, secret: 1 }, ...WHOLE.columns.slice(1));
  assert.deepEqual(checkedPreprocessing({ ...more, more: true }, FEATURES), WHOLE);
});

Deno.test("anything else is none, for a reason", () => {
  const wrong: [unknown, RegExp][] = [
    [null, /no object/],
    [[], /no object/],
    [{ ...WHOLE, columns: [] }, /no columns/],
    [{ ...WHOLE, columns: {} }, /no columns/],
    [{ ...WHOLE, ignored: [1] }, /"ignored"/],
    [{ ...WHOLE, target: { names: [] } }, /"target"/],
    [{ ...WHOLE, target: { names: ["a", "b"], separator: "|" } }, /"target"/],
    [{ ...WHOLE, target: { names: ["a"], separator: "" } }, /"target"/],
    [{ ...WHOLE, ignored: ["n"] }, /two columns are called "n"/],
    [{ ...WHOLE, target: { names: ["c"] } }, /two columns are called "c"/],
    [withColumns(number), /2 features, and the network takes 8/],
    [withColumns({ ...number, std: 0 }), /column 0/],
    [withColumns({ ...number, std: "3" }), /column 0/],
    [withColumns({ ...number, mean: null }), /column 0/],
    [withColumns({ ...number, indicator: 1 }), /column 0/],
    [withColumns({ ...number, name: 5 }), /column 0/],
    [withColumns(number, { ...category, values: ["x", "x"] }), /column 1/],
    [withColumns(number, { ...category, hole: undefined }), /column 1/],
    [withColumns(number, { ...vector, size: 2 ** 60 }), /column 1/],
    [withColumns(number, { ...vector, size: -1, mean: null, std: null }), /column 1/],
    [withColumns(number, { ...vector, mean: [0] }), /column 1/],
    [withColumns(number, { ...vector, std: [1, -2] }), /column 1/],
    [withColumns(number, { ...vector, mean: null }), /column 1/],
    [withColumns({ ...number, kind: "date" }), /column 0/],
    [withColumns({ ...vector, size: 2 ** 40, mean: null, std: null }), /features, and/],
  ];
  for (const [value, reason] of wrong) {
    const checked = checkedPreprocessing(value, FEATURES);
    assert(typeof checked === "string", JSON.stringify(value));
    assert.match(checked, reason);
  }
});

Deno.test("whatever JSON holds, there is an answer", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert(checkedPreprocessing(value, FEATURES) !== undefined);
    checkedPreprocessing({ ...WHOLE, columns: value }, FEATURES);
    checkedPreprocessing({ ...WHOLE, columns: [value] }, FEATURES);
    checkedPreprocessing({ ...WHOLE, target: value }, FEATURES);
  }));
});
