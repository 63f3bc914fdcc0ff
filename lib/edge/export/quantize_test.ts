import assert from "node:assert/strict";
import fc from "fast-check";
import { copyWeights } from "../packed_model.ts";
import { quantize } from "./quantize.ts";

/** The weights that are computed with in the end. */
function restored(weights: Float32Array<ArrayBuffer>, outputs: number): Float32Array {
  const layer = quantize({ weights, bias: new Float32Array(outputs) });
  const to = new Float32Array(weights.length);
  copyWeights(to, layer, 0, weights.length / outputs);
  return to;
}

Deno.test("a weight moves by half a step of its column at most, and the column's largest not at all", () => {
  const weight = fc.float({ min: -1e6, max: 1e6, noNaN: true });
  const layer = fc.integer({ min: 1, max: 5 }).chain((outputs) =>
    fc.array(fc.array(weight, { minLength: outputs, maxLength: outputs }), { minLength: 1 })
      .map((rows) => ({ weights: Float32Array.from(rows.flat()), outputs }))
  );
  fc.assert(
    fc.property(layer, ({ weights, outputs }) => {
      const largest = new Float32Array(outputs);
      weights.forEach((value, i) =>
        largest[i % outputs] = Math.max(largest[i % outputs], Math.abs(value))
      );
      restored(weights, outputs).forEach((value, i) => {
        const most = largest[i % outputs];
        // A scale is rounded to float32, by 2^-24 of itself or, where it is subnormal, 2^-150; q times it once more.
        const rounding = most * 2 ** -22 + 127 * 2 ** -149;
        const allowed = Math.abs(weights[i]) === most ? 0 : most / 254;
        assert(Math.abs(value - weights[i]) <= allowed + rounding, `${weights[i]} became ${value}`);
      });
    }),
    { seed: 42 },
  );
});

Deno.test("a column of zeros stays one", () => {
  assert.deepEqual(
    [...restored(new Float32Array([0, 1, 0, -2]), 2)],
    [0, 1, 0, -2].map(
      (value) => Math.fround(Math.round(value / (Math.fround(2 / 127))) * Math.fround(2 / 127)),
    ),
  );
});
