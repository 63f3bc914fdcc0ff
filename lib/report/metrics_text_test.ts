import assert from "node:assert/strict";
import { leadingMetric, metricsText } from "./metrics_text.ts";

const METRICS = [
  { name: "loss", label: "Loss", unit: "" },
  { name: "r2", label: "R2", unit: "" },
  { name: "subsetAccuracy", label: "Subset accuracy", unit: "" },
];

Deno.test("metrics are written by label, in their order, those that there are", () => {
  const values = { subsetAccuracy: 0.5, r2: 0.51234, loss: 0.25 };
  assert.equal(metricsText(METRICS, values), "Loss 0.2500, R2 0.5123, Subset accuracy 50.00 %");
  assert.equal(metricsText(METRICS, { r2: null }), "R2 -");
  assert.equal(leadingMetric(METRICS, values), "R2 0.5123");
  assert.equal(leadingMetric(METRICS, null), "-");
});
