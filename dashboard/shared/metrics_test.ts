import assert from "node:assert/strict";
import { formatPercent } from "./format.ts";
import { drawnMetrics, formatMetric, hasAccuracy, labelOf, lossLabel } from "./metrics.ts";

const metric = (name: string, unit = "") => ({ name, label: name, unit, higherIsBetter: true });

Deno.test("what a run measures follows from its record, and is the accuracy in those of schema 1", () => {
  assert(hasAccuracy(null));
  assert(hasAccuracy({}));
  assert(hasAccuracy({ metrics: [metric("loss", "nats"), metric("accuracy")] }));
  const regression = { metrics: [metric("loss"), metric("r2")] };
  assert(!hasAccuracy(regression));
  assert.deepEqual(drawnMetrics(regression).map(({ name }) => name), ["r2"]);
  assert.deepEqual(drawnMetrics({}), [{ name: "accuracy", label: "Accuracy" }]);
  const classes = { metrics: [metric("loss"), metric("accuracy"), metric("macroF1")] };
  assert.deepEqual(drawnMetrics(classes).map(({ name }) => name), ["accuracy"]);
  assert.equal(lossLabel(regression), "Loss");
  assert.equal(lossLabel({}), "Cross-entropy (nats)");
});

Deno.test("a metric of which only the name is known has words", () => {
  const names = ["accuracy", "macroF1", "rocAuc", "prAuc", "r2", "rmse", "subsetAccuracy"];
  const words = ["accuracy", "macro F1", "ROC AUC", "PR AUC", "R2", "RMSE", "subset accuracy"];
  assert.deepEqual(names.map(labelOf), words);
});

Deno.test("fractions that people give in percent are percentages", () => {
  assert.equal(formatMetric("subsetAccuracy", 0.5), formatPercent(0.5));
  assert.equal(formatMetric("rmse", 54.125), "54.1250");
});
