/** Numbers: outputs are compared with targets that are standardized by the rows to train on, column by column. */
import { isArrayOf, refuse, requireTexts } from "../checks.ts";
import type { SampleTargets } from "../dataset/samples.ts";
import { WeftError } from "../errors.ts";
import { regressionMetrics } from "./metrics/regression_metrics.ts";
import { DistanceLoss } from "./distance_loss.ts";
import { requireCount, requireOnly } from "./target_checks.ts";
import { fraction, LOSS_METRIC, type TargetMap, type Task } from "./task.ts";

/** In the targets' unit. */
const distance = (name: string, label: string) => ({
  name,
  label,
  unit: "target",
  higherIsBetter: false,
});

/** Of all targets together: as many points as a page draws at once. */
const MOST_PREDICTIONS = 1000;

export const regression: Task = {
  name: "regression",
  metrics: [
    { ...LOSS_METRIC, unit: "" },
    distance("rmse", "RMSE"),
    distance("mae", "MAE"),
    fraction("r2", "R2"),
  ],
  head: "identity",
  check({ values, columns, names }, rows, cannot, name) {
    const give = "a Float32Array of numbers, as many for each row";
    if (!isArrayOf("Float32Array", values)) refuse(cannot, `${name}.values`, values, give);
    requireCount(values.length, columns, rows, cannot, "target values");
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      throw new WeftError(
        `${cannot}: ${name}.values has ${values[at]} in row ${Math.floor(at / columns)}; ` +
          "give numbers, and leave out rows without",
      );
    }
    if (names === undefined) return;
    requireTexts(cannot, `${name}.names`, names);
    if (names.length === columns) return;
    throw new WeftError(
      `${cannot}: there are ${names.length} names for ${columns} targets; give each a name`,
    );
  },
  defaultNames: ({ columns, names }) =>
    names ??
      (columns === 1
        ? ["target"]
        : Array.from({ length: columns }, (_, target) => `target ${target}`)),
  outputs: (names) => names,
  requireOptions: (options) => requireOnly(options, "regression", "huber", "distance"),
  fit({ values, columns }, rows) {
    const mean = new Array<number>(columns).fill(0);
    const std = new Array<number>(columns).fill(0);
    for (const row of rows) {
      for (let j = 0; j < columns; j++) mean[j] += values[row * columns + j] / rows.length;
    }
    for (const row of rows) {
      for (let j = 0; j < columns; j++) {
        std[j] += (values[row * columns + j] - mean[j]) ** 2 / rows.length;
      }
    }
    // A target that is always the same is only centered, as in scikit-learn.
    return { mean, std: std.map((variance) => variance > 0 ? Math.sqrt(variance) : 1) };
  },
  foundColumns: (outputs) => outputs,
  loss: (place, options) => new DistanceLoss(regression, place, options, place.uploaded.weights),
  measure(found, { values, columns }, rows, { map }) {
    const predicted = inUnit(found, map!);
    const targets = new Float64Array(found.length);
    rows.forEach((row, i) => {
      for (let j = 0; j < columns; j++) targets[i * columns + j] = values[row * columns + j];
    });
    return { ...regressionMetrics(predicted, targets, columns) };
  },
  detail(found, { values, columns }, rows, { map, names }) {
    const predicted = inUnit(found, map!);
    const each = Math.max(1, Math.ceil(rows.length * columns / MOST_PREDICTIONS));
    const picked = Array.from({ length: Math.ceil(rows.length / each) }, (_, i) => i * each);
    const short = (value: number) => Number(value.toPrecision(7));
    const predictions = names.slice(0, MOST_PREDICTIONS).map((name, j) => ({
      name,
      actual: picked.map((i) => short(values[rows[i] * columns + j])),
      predicted: picked.map((i) => short(predicted[i * columns + j])),
    }));
    return { confusionMatrix: null, perClass: null, predictions };
  },
};

/** Outputs of a network in the targets' unit. */
export function inUnit(outputs: Float32Array, { mean, std }: TargetMap): Float64Array {
  const columns = mean.length;
  return Float64Array.from(outputs, (value, i) => value * std[i % columns] + mean[i % columns]);
}

/** The inverse, for targets. */
export function standardized({ values, columns }: SampleTargets, { mean, std }: TargetMap) {
  return Float32Array.from(
    values,
    (value, i) => (value - mean[i % columns]) / std[i % columns],
  );
}
