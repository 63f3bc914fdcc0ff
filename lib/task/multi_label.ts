/** Any number of labels: an output each, whose sigmoid is the probability that a row has it. */
import { UsageError } from "../errors.ts";
import { countAnswers, f1 } from "./metrics/yes_no_metrics.ts";
import { SigmoidLoss } from "./sigmoid_loss.ts";
import { requireOnly, requireYesAndNo } from "./target_checks.ts";
import { fraction, LOSS_METRIC, type Task } from "./task.ts";

export const multiLabel: Task = {
  name: "multi-label",
  metrics: [
    LOSS_METRIC,
    fraction("microF1", "Micro F1"),
    fraction("macroF1", "Macro F1"),
    fraction("subsetAccuracy", "Subset accuracy"),
  ],
  head: "sigmoid",
  check: requireYesAndNo,
  defaultNames: ({ columns }) => Array.from({ length: columns }, (_, label) => String(label)),
  outputs: (names) => names,
  requireOptions(options) {
    requireOnly(options, "multi-label", "positiveWeight", "threshold");
    const { threshold } = options;
    if (typeof threshold !== "string") return;
    throw new UsageError(
      `Cannot choose the threshold by ${threshold}: that is for binary tasks, and the task is multi-label; give a number`,
    );
  },
  fit: () => null,
  foundColumns: (outputs) => outputs,
  loss: (place, options) => new SigmoidLoss(multiLabel, place, options, place.uploaded.weights),
  measure(found, { values, columns, missed }, rows, { threshold }) {
    const least = Math.log(threshold / (1 - threshold));
    const said = (i: number) => found[i] >= least;
    const isYes = (i: number) =>
      values[rows[Math.floor(i / columns)] * columns + i % columns] === 1;
    const ofLabel = (label: number) =>
      countAnswers(
        rows.length,
        (row) => said(row * columns + label),
        (row) => isYes(row * columns + label),
      );
    const labels = Array.from({ length: columns }, (_, label) => f1(ofLabel(label)));
    let whole = 0;
    for (let row = 0; row < rows.length; row++) {
      let right = 0;
      for (let i = row * columns; i < (row + 1) * columns; i++) right += +(said(i) === isYes(i));
      whole += +(right === columns && !missed?.[rows[row]]);
    }
    const counts = countAnswers(found.length, said, isYes);
    const others = missed ? rows.reduce((sum, row) => sum + missed[row], 0) : 0;
    return {
      microF1: f1({ ...counts, fn: counts.fn + others }),
      macroF1: labels.reduce((sum, value) => sum + value, 0) / columns,
      subsetAccuracy: whole / rows.length,
    };
  },
};
