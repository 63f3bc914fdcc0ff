import assert from "node:assert/strict";
import golden from "../../../tests/golden/task_metrics.json" with { type: "json" };
import type { SampleTargets } from "../../dataset/samples.ts";
import { TASKS } from "../mod.ts";
import type { Metrics } from "../task.ts";
import { averagePrecision } from "./yes_no_metrics.ts";

/** Float64 sums, in another order than NumPy's. */
function requireClose(actual: Metrics, expected: Readonly<Record<string, number>>): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    assert(Math.abs(actual[name]! - value) <= 1e-12 * Math.max(1, Math.abs(value)), name);
  }
}

const allRows = (rows: number) => Uint32Array.from({ length: rows }, (_, i) => i);
const threshold = 0.5;

for (const task of ["binary", "multi-label"] as const) {
  Deno.test(`metrics of ${task} tasks are scikit-learn's`, () => {
    for (const case_ of golden[task]) {
      const columns = "columns" in case_ ? case_.columns as number : 1;
      const targets = { task, values: Uint8Array.from(case_.labels), columns };
      const found = Float32Array.from(case_.logits);
      const rows = allRows(found.length / columns);
      const about = { outputs: columns, map: null, threshold };
      requireClose(TASKS[task].measure(found, targets, rows, about), case_.expected);
    }
  });
}

Deno.test("metrics of regressions are scikit-learn's, means over the targets", () => {
  for (const { columns, predicted, values, expected } of golden.regression) {
    const targets: SampleTargets = {
      task: "regression",
      values: Float32Array.from(values),
      columns,
    };
    const map = { mean: [0, 0], std: [1, 1] };
    const rows = allRows(values.length / columns);
    const about = { outputs: columns, map, threshold };
    const found = Float32Array.from(predicted);
    requireClose(TASKS.regression.measure(found, targets, rows, about), expected);
  }
});

Deno.test("what rows do not tell is null", () => {
  const targets: SampleTargets = { task: "binary", values: Uint8Array.of(0, 0), columns: 1 };
  const about = { outputs: 1, map: null, threshold };
  const found = Float32Array.of(1, -1);
  const { rocAuc, prAuc, f1 } = TASKS.binary.measure(found, targets, allRows(2), about);
  assert.deepEqual([rocAuc, prAuc, f1], [null, null, 0]);
  assert.equal(averagePrecision(Float64Array.of(1, 2), Uint8Array.of(1, 1)), null);
  const same: SampleTargets = { task: "regression", values: Float32Array.of(3, 3), columns: 1 };
  const map = { mean: [0], std: [1] };
  assert.equal(TASKS.regression.measure(found, same, allRows(2), { ...about, map }).r2, null);
  assert.deepEqual(TASKS.regression.fit(same, allRows(2)), { mean: [3], std: [1] });
});

Deno.test("targets are standardized by the rows to train on alone", () => {
  const values = Float32Array.of(1, 10, 3, 30, 1000, 1000);
  const targets: SampleTargets = { task: "regression", values, columns: 2 };
  assert.deepEqual(TASKS.regression.fit(targets, Uint32Array.of(0, 1)), {
    mean: [2, 20],
    std: [1, 10],
  });
});
