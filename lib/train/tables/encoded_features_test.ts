import assert from "node:assert/strict";
import { encode } from "../../dataset/preprocessing/encode.ts";
import type { Preprocessing } from "../../dataset/preprocessing/preprocessing.ts";
import type { Table } from "../../dataset/table.ts";
import { encodedFeatures } from "./encoded_features.ts";

const SIZE = 4096;
const PREPROCESSING: Preprocessing = {
  columns: [
    { kind: "vector", name: "v", size: SIZE, mean: null, std: null },
    { kind: "category", name: "c", values: ["a"], hole: false },
  ],
  ignored: [],
  target: { names: ["t"] },
};

function tableOf(rows: number): Table {
  return {
    rows,
    columns: [
      {
        kind: "vector",
        name: "v",
        size: SIZE,
        values: Float32Array.from({ length: rows * SIZE }, (_, i) => i % 1009),
      },
      {
        kind: "text",
        name: "c",
        texts: ["a", "b"],
        codes: Uint8Array.from({ length: rows }, (_, row) => row % 10 === 0 ? 1 : 0),
      },
    ],
    notes: [],
  };
}

Deno.test("rows that are too many to keep are read as they would be kept, and what is odd is told once", () => {
  const [few, many] = [tableOf(20), tableOf(4200)];
  const { features: kept, notes } = encodedFeatures(PREPROCESSING, few);
  assert(typeof kept !== "function");
  assert.deepEqual(kept, encode(PREPROCESSING, few).values);
  const { features: read, rows, shape, notes: others } = encodedFeatures(PREPROCESSING, many);
  assert(typeof read === "function");
  const size = shape[0];
  // In any parts, and again.
  for (const [first, count] of [[0, 20], [0, 20], [4100, 100], [15, 3]]) {
    const { values } = encode(PREPROCESSING, tableOf(first + count));
    assert.deepEqual(read(first, count), values.subarray(first * size));
  }
  assert.equal(rows, 4200);
  assert.match(notes.join(), /^column "c" has values in 2 rows .*"b"/);
  assert.match(others.join(), /^column "c" has values in 420 rows .*"b"/);
  assert.match(encodedFeatures(PREPROCESSING, many).notes.join(), / in 420 rows /);
});
