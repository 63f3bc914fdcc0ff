/** Yes or no: one output, whose sigmoid is the probability of yes. */
import { classWeightsFor, requireWeightOfEach } from "./class_weights.ts";
import { countAnswers, f1, precision, rankingMetrics, recall } from "./metrics/yes_no_metrics.ts";
import { SigmoidLoss } from "./sigmoid_loss.ts";
import { requireOnly, requireYesAndNo } from "./target_checks.ts";
import { fraction, LOSS_METRIC, type LossPlace, type Task } from "./task.ts";

/** Weights of rows, with those of their classes. */
function rowWeights(
  { uploaded: { targets, weights }, rows }: LossPlace,
  classWeights: Parameters<typeof classWeightsFor>[0],
): Float32Array | null {
  const labels = targets.values as Uint8Array;
  const byClass = classWeightsFor(classWeights, labels, rows, 2);
  if (!byClass) return weights;
  return Float32Array.from(labels, (label, row) => byClass[label] * (weights?.[row] ?? 1));
}

export const binary: Task = {
  name: "binary",
  metrics: [
    LOSS_METRIC,
    fraction("accuracy", "Accuracy"),
    fraction("precision", "Precision"),
    fraction("recall", "Recall"),
    fraction("f1", "F1"),
    fraction("rocAuc", "ROC AUC"),
    fraction("prAuc", "PR AUC"),
  ],
  head: "sigmoid",
  check: requireYesAndNo,
  defaultNames: () => ["no", "yes"],
  outputs: () => 1,
  requireOptions(options) {
    requireOnly(options, "binary", "classWeights", "positiveWeight", "threshold");
    requireWeightOfEach(options.classWeights, 2);
  },
  fit: () => null,
  foundColumns: () => 1,
  loss(place, options) {
    return new SigmoidLoss(binary, place, options, rowWeights(place, options.classWeights));
  },
  measure(found, { values }, rows, { threshold }) {
    const isYes = Uint8Array.from(rows, (row) => +(values[row] === 1));
    // The logit at which the sigmoid is the threshold.
    const least = Math.log(threshold / (1 - threshold));
    const counts = countAnswers(rows.length, (i) => found[i] >= least, (i) => isYes[i] === 1);
    // A row of another value is neither: whatever was said of it is wrong.
    const others = rows.reduce((sum, row, i) => sum + +(values[row] > 1 && found[i] < least), 0);
    return {
      accuracy: (counts.tp + counts.tn - others) / rows.length,
      precision: precision(counts),
      recall: recall(counts),
      f1: f1(counts),
      ...rankingMetrics(Float64Array.from(found), isYes),
    };
  },
};
