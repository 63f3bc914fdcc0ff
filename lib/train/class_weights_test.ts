import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { classWeightsFor, requireClassWeights, requireWeightOfEach } from "./class_weights.ts";

const LABELS = Uint8Array.of(0, 0, 0, 1, 1, 3, 2, 2);
/** All but the last two. */
const ROWS = Uint32Array.of(0, 1, 2, 3, 4, 5);

Deno.test("balanced weights are those of the training rows, as scikit-learn has them, and 1 of a class without", () => {
  const weights = classWeightsFor("balanced", LABELS, ROWS, 4)!;
  assert.deepEqual([...weights], [6 / (3 * 3), 6 / (3 * 2), 1, 6 / 3].map(Math.fround));
  const mean = ROWS.reduce((sum, row) => sum + weights[LABELS[row]], 0) / ROWS.length;
  assert(Math.abs(mean - 1) < 1e-6);
});

Deno.test("weights are as given, or none", () => {
  assert.equal(classWeightsFor("none", LABELS, ROWS, 4), null);
  assert.deepEqual([...classWeightsFor([1, 2, 0.5, 4], LABELS, ROWS, 4)!], [1, 2, 0.5, 4]);
});

Deno.test("what are no weights is refused in one line", () => {
  const cases: [() => void, RegExp][] = [
    [() => requireClassWeights([1, 0]), /^Cannot train with a class weight of 0: they must be "no/],
    [
      () => requireClassWeights([1, NaN]),
      /a class weight of NaN: .* numbers above 0, one a class$/,
    ],
    [() => requireClassWeights("even" as "none"), /with the class weights "even": they must be/],
    [() => requireWeightOfEach([1, 2], 3), /^Cannot train with 2 class weights: there are 3 cla/],
  ];
  for (const [call, message] of cases) {
    assert.throws(call, (error) => error instanceof UsageError && message.test(error.message));
  }
  requireClassWeights([1e-3, 5]);
  requireWeightOfEach("balanced", 3);
});
