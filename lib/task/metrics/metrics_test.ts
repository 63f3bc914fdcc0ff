import assert from "node:assert/strict";
import fc from "fast-check";
import { accuracy, confusionMatrix, macroF1, perClassMetrics } from "./metrics.ts";

Deno.test("a confusion matrix has true classes as rows and predicted ones as columns", () => {
  const labels = new Uint8Array([0, 0, 0, 1, 1, 2]);
  const predicted = new Uint32Array([0, 1, 1, 1, 0, 1]);
  assert.deepEqual(confusionMatrix(labels, predicted, 3), [[1, 2, 0], [1, 1, 0], [0, 1, 0]]);
});

Deno.test("metrics agree with values computed by hand", () => {
  const confusion = [[3, 1, 0], [2, 4, 0], [0, 1, 0]];
  assert.equal(accuracy(confusion), 7 / 11);
  assert.deepEqual(perClassMetrics(confusion, ["bag", "coat", "boot"]), [
    { name: "bag", precision: 3 / 5, recall: 3 / 4, f1: 2 / 3, support: 4 },
    { name: "coat", precision: 4 / 6, recall: 4 / 6, f1: 2 / 3, support: 6 },
    // Never predicted: 0 of 0.
    { name: "boot", precision: 0, recall: 0, f1: 0, support: 1 },
  ]);
});

Deno.test("a class that is neither in the labels nor predicted has no metrics, and no mean counts it", () => {
  // Labels 1 and 3 only, as in scikit-learn: f1_score([1, 1, 3], [1, 3, 3], average="macro") is 2/3.
  const confusion = confusionMatrix([1, 1, 3], [1, 3, 3], 5);
  const perClass = perClassMetrics(confusion, ["0", "1", "2", "3", "4"]);
  assert.deepEqual(perClass.map(({ f1 }) => f1), [null, 2 / 3, null, 2 / 3, null]);
  assert.deepEqual(perClass[0], {
    name: "0",
    precision: null,
    recall: null,
    f1: null,
    support: 0,
  });
  assert.equal(macroF1(perClass), 2 / 3);
  // Predicted, though no row has it: an error of the classes that have rows, and 0 itself.
  assert.equal(macroF1(perClassMetrics([[1, 1], [0, 0]], ["0", "1"])), 1 / 3);
  assert.equal(macroF1([]), 0);
});

Deno.test("a class without rows that is predicted, and no rows at all, count as 0", () => {
  assert.deepEqual(perClassMetrics([[2, 1], [0, 0]], ["a", "b"])[1], {
    name: "b",
    precision: 0,
    recall: 0,
    f1: 0,
    support: 0,
  });
  assert.equal(accuracy([[0, 0], [0, 0]]), 0);
  assert.equal(accuracy(confusionMatrix([], [], 0)), 0);
});

Deno.test("whatever is predicted, rows are counted once and the metrics fit together", () => {
  const rows = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })), { minLength: 1 });
  fc.assert(fc.property(rows, (rows) => {
    const labels = rows.map(([label]) => label);
    const predicted = rows.map(([, prediction]) => prediction);
    const confusion = confusionMatrix(labels, predicted, 5);
    const metrics = perClassMetrics(confusion, ["a", "b", "c", "d", "e"]);
    const right = rows.filter(([label, prediction]) => label === prediction).length;
    assert.equal(accuracy(confusion), right / rows.length);
    metrics.forEach(({ precision, recall, f1, support }, index) => {
      assert.equal(support, labels.filter((label) => label === index).length);
      if (precision === null || recall === null || f1 === null) {
        assert(rows.every((row) => !row.includes(index)));
        return;
      }
      const harmonic = precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall);
      assert(Math.abs(f1 - harmonic) <= 4 * Number.EPSILON);
    });
  }));
});

Deno.test("labels and predictions that do not fit are a defect of the caller", () => {
  assert.throws(
    () => confusionMatrix([0], [0, 1], 2),
    /RangeError: .* 1 labels with 2 predictions/,
  );
  assert.throws(() => confusionMatrix([0, 2], [0, 0], 2), /RangeError: .* row 1: label 2/);
  assert.throws(() => confusionMatrix([0], [-1], 2), /RangeError: .* prediction -1/);
  assert.throws(() => confusionMatrix([0.5], [0], 2), /RangeError: .* label 0.5/);
});
