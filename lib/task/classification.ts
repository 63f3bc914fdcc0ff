/** One class of several: softmax and cross-entropy. */
import type { ByteMatrix } from "../backend/mod.ts";
import { isArrayOf, refuse } from "../checks.ts";
import { numberedClassNames } from "../dataset/class_names.ts";
import { WeftError } from "../errors.ts";
import { requireWeightOfEach } from "./class_weights.ts";
import { TrainingLoss } from "./cross_entropy_loss.ts";
import { accuracy, confusionMatrix, macroF1, perClassMetrics } from "./metrics/metrics.ts";
import { requireOnly } from "./target_checks.ts";
import { fraction, LOSS_METRIC, type Task } from "./task.ts";

export const classification: Task = {
  name: "classification",
  metrics: [LOSS_METRIC, fraction("accuracy", "Accuracy"), fraction("macroF1", "Macro F1")],
  head: "softmax",
  check({ values }, rows, cannot, name) {
    const give = "a Uint8Array with a class from 0 to 255 a row";
    if (!isArrayOf("Uint8Array", values)) refuse(cannot, `${name}.labels`, values, give);
    if (values.length === rows) return;
    throw new WeftError(
      `${cannot}: there are ${values.length} labels for ${rows} rows; give a label a row`,
    );
  },
  defaultNames: ({ values, known }) =>
    numberedClassNames(known ?? (values as Uint8Array).reduce((a, b) => Math.max(a, b + 1), 1)),
  outputs: (names) => names,
  requireOptions(options, names) {
    requireOnly(options, "classification", "labelSmoothing", "classWeights");
    requireWeightOfEach(options.classWeights, names);
  },
  fit: () => null,
  foundColumns: () => 1,
  loss({ backend, allocate, uploaded: { matrix, targets, weights }, rows, outputs }, options) {
    const labels = targets.values as Uint8Array;
    return new TrainingLoss(
      backend,
      allocate,
      options,
      matrix as ByteMatrix,
      labels,
      rows,
      outputs,
      weights,
    );
  },
  measure(found, { values, known }, rows, { outputs }) {
    const labels = Uint8Array.from(rows, (row) => values[row]);
    const classes = known === undefined
      ? outputs
      : labels.reduce((a, b) => Math.max(a, b + 1), known);
    // Of logits that are no numbers there is a class all the same.
    const confusion = confusionMatrix(labels, found, classes);
    const perClass = perClassMetrics(confusion, confusion.map((_, label) => String(label)));
    return { accuracy: accuracy(confusion), macroF1: macroF1(perClass) };
  },
};
