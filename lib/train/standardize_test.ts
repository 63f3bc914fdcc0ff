import assert from "node:assert/strict";
import { samplesOf } from "../dataset/samples.ts";
import { INPUT_SCALE } from "../nn/input_map.ts";
import { standardizing } from "./standardize.ts";

/** Images of two pixels. */
function rowsOfTwo(pixels: Uint8Array<ArrayBuffer>) {
  const rows = pixels.length / 2;
  return samplesOf({ rows, height: 1, width: 2, pixels, labels: new Uint8Array(rows) });
}

Deno.test("the mean and the deviation are those of the rows that count", () => {
  // Rows 0 and 2: 0, 255, 51, 102; mean 102, squares 10404 + 23409 + 2601 + 0, variance 9103.5.
  const pixels = Uint8Array.of(0, 255, 9, 9, 51, 102);
  const { scale, offset } = standardizing(rowsOfTwo(pixels), Uint32Array.of(0, 2));
  assert.equal(scale, 1 / Math.sqrt(9103.5));
  assert.equal(offset, -102 / Math.sqrt(9103.5));
});

Deno.test("images of one color are only centered", () => {
  const { scale, offset } = standardizing(rowsOfTwo(Uint8Array.of(51, 51)), Uint32Array.of(0));
  assert.deepEqual([scale, offset], [INPUT_SCALE, -51 / 255]);
});
