import assert from "node:assert/strict";
import fc from "fast-check";
import golden from "../../../tests/golden/probability_metrics.json" with { type: "json" };
import { confusionMatrix, macroF1, perClassMetrics } from "./metrics.ts";
import {
  brierScore,
  calibrationError,
  macroRocAuc,
  probabilityMetrics,
  rocAuc,
  topKAccuracy,
} from "./probability_metrics.ts";

/** Sums of at most a hundred terms of at most 2, in float64. */
const TOLERANCE = 100 * 2 * Number.EPSILON;

for (const { name, probabilities, labels, ...expected } of golden.cases) {
  Deno.test(`metrics of probabilities are NumPy's: ${name}`, () => {
    const { topK, ...others } = probabilityMetrics(probabilities, labels);
    const classes = probabilities[0].length;
    const predicted = probabilities.map((p) => p.indexOf(Math.max(...p)));
    const names = Array.from({ length: classes }, (_, i) => String(i));
    const perClass = perClassMetrics(confusionMatrix(labels, predicted, classes), names);
    const found: Record<string, number | null> = { ...others, macroF1: macroF1(perClass) };
    const { topK: expectedTopK, ...rest } = expected;
    assert.deepEqual(Object.keys(topK), Object.keys(expectedTopK));
    for (const [k, wanted] of Object.entries(expectedTopK)) {
      assert(Math.abs(topK[k] - wanted!) <= TOLERANCE, `top ${k}: ${topK[k]} for ${wanted}`);
    }
    for (const [metric, wanted] of Object.entries(rest)) {
      assert(
        Math.abs(found[metric]! - wanted) <= TOLERANCE,
        `${metric}: ${found[metric]} for ${wanted}`,
      );
    }
  });
}

Deno.test("metrics of probabilities agree with values computed by hand", () => {
  const p = [[0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0.1, 0.8, 0.1], [0.4, 0.4, 0.2]];
  const labels = [0, 1, 2, 1];
  // Where the true class ties with class 0, as in the last three rows, that goes before.
  assert.equal(topKAccuracy(p, labels, 1), 1 / 4);
  assert.equal(topKAccuracy(p, labels, 2), 2 / 4);
  assert.equal(topKAccuracy(p, labels, 3), 1);
  const near = (actual: number | null, expected: number) =>
    assert(Math.abs(actual! - expected) <= TOLERANCE, `${actual} for ${expected}`);
  // Class 0: 0.5 against 0.2, 0.1, 0.4: 1. Class 1: 0.2 and 0.4 against 0.3 and 0.8: 1 of 4.
  // Class 2: 0.1 against 0.2, 0.6, 0.2: 0.
  near(macroRocAuc(p, labels), (1 + 1 / 4 + 0) / 3);
  // Confidences 0.5 (right), 0.6, 0.8, 0.4 (all wrong), each in a bin of its own.
  near(calibrationError(p, labels), (0.5 + 0.6 + 0.8 + 0.4) / 4);
  near(
    brierScore(p, labels),
    (0.25 + 0.09 + 0.04 + (0.04 + 0.64 + 0.36) + (0.01 + 0.64 + 0.81) + (0.16 + 0.36 + 0.04)) / 4,
  );
});

Deno.test("certainty is perfect where it is right, and the worst there is where it is wrong", () => {
  const right = probabilityMetrics([[1, 0], [0, 1]], [0, 1]);
  assert.deepEqual(right, { topK: { 2: 1 }, rocAuc: 1, calibrationError: 0, brier: 0 });
  const wrong = probabilityMetrics([[1, 0], [0, 1]], [1, 0]);
  assert.deepEqual(wrong, { topK: { 2: 1 }, rocAuc: 0, calibrationError: 1, brier: 2 });
});

Deno.test("the area under the ROC curve is how often a positive is above a negative, a tie counting half", () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.boolean()), { minLength: 1 });
  fc.assert(fc.property(rows, (rows) => {
    const of = (wanted: boolean) => rows.filter(([, is]) => is === wanted).map(([score]) => score);
    const [positives, negatives] = [of(true), of(false)];
    const area = rocAuc(
      Float64Array.from(rows, ([score]) => score),
      Uint8Array.from(rows, ([, is]) => +is),
    );
    if (positives.length === 0 || negatives.length === 0) return assert.equal(area, null);
    let above = 0;
    for (const a of positives) for (const b of negatives) above += a > b ? 1 : a === b ? 0.5 : 0;
    assert(Math.abs(area! - above / positives.length / negatives.length) <= 4 * Number.EPSILON);
  }));
});

Deno.test("a class that all rows have, or none, has no area; without any other there is none", () => {
  assert.equal(macroRocAuc([[0.7, 0.3], [0.6, 0.4]], [0, 0]), null);
  assert.equal(macroRocAuc([[0.7, 0.3, 0], [0.4, 0.6, 0]], [0, 1]), 1);
});

Deno.test("rows and labels that do not fit are a defect of the caller", () => {
  assert.throws(() => probabilityMetrics([[1, 0]], []), /RangeError: .* 1 rows .* by 0 labels/);
  assert.throws(() => probabilityMetrics([], []), /RangeError/);
  assert.throws(
    () => probabilityMetrics([[1, 0]], [2]),
    /RangeError: .* row 0: label 2, 2 classes/,
  );
});
