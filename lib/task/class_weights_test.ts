import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { classWeightsFor, requireWeightOfEach } from "./class_weights.ts";

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

Deno.test("as many weights as classes are wanted", () => {
  assert.throws(
    () => requireWeightOfEach([1, 2], 3),
    (error) =>
      error instanceof UsageError &&
      /^Cannot train with 2 class weights: there are 3 cla/.test(error.message),
  );
  requireWeightOfEach("balanced", 3);
});
