import assert from "node:assert/strict";
import { foldInputMap, INPUT_SCALE, standardizing } from "./input_map.ts";

Deno.test("the mean and the deviation are those of the rows that count", () => {
  // Rows 0 and 2: 0, 255, 51, 102; mean 102, squares 10404 + 23409 + 2601 + 0, variance 9103.5.
  const pixels = Uint8Array.of(0, 255, 9, 9, 51, 102);
  const chunks = [
    { first: 0, rows: 2, pixels: pixels.subarray(0, 4) },
    { first: 2, rows: 1, pixels: pixels.subarray(4) },
  ];
  const { scale, offset } = standardizing(chunks, 2, Uint32Array.of(2, 0));
  assert.equal(scale, 1 / Math.sqrt(9103.5));
  assert.equal(offset, -102 / Math.sqrt(9103.5));
});

Deno.test("pictures of one colour are only centred", () => {
  const chunks = [{ first: 0, rows: 1, pixels: Uint8Array.of(51, 51) }];
  const { scale, offset } = standardizing(chunks, 2, Uint32Array.of(0));
  assert.deepEqual([scale, offset], [INPUT_SCALE, -51 / 255]);
});

Deno.test("a folded layer makes of scaled bytes what the layer makes of mapped ones", () => {
  const map = { scale: 1 / 64, offset: -0.75 };
  const weights = Float32Array.of(1, -2, 0.5, 4, 3, -1);
  const bias = Float32Array.of(0.25, -8);
  const folded = foldInputMap({ weights, bias }, map);
  const bytes = [0, 255, 128];
  for (const o of [0, 1]) {
    const [z, ofFolded] = [
      bytes.reduce((sum, x, i) => sum + (map.scale * x + map.offset) * weights[2 * i + o], bias[o]),
      bytes.reduce(
        (sum, x, i) => sum + INPUT_SCALE * x * folded.weights[2 * i + o],
        folded.bias[o],
      ),
    ];
    // Each of the four numbers was rounded to float32 once.
    assert(Math.abs(z - ofFolded) <= 4 * 2 ** -24 * 40, `${ofFolded} for ${z}`);
  }
});
