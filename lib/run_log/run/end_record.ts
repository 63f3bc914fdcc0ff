/** The last line: how a run ended, and how good the model that was saved is. */
import * as v from "valibot";
import {
  count,
  exactly,
  fields,
  items,
  listOf,
  measured,
  oneOf,
  type Read,
  text,
} from "../shared/fields.ts";
import { accuracy, metricValues } from "./metrics.ts";

/** How a run ended. */
const STATUSES = ["completed", "interrupted", "diverged", "failed"] as const;
export type RunStatus = (typeof STATUSES)[number];
export const runStatus = oneOf(STATUSES);

/** Why it stopped: all epochs done, patience at its end, Ctrl-C, or a loss that is not finite. */
const STOP_REASONS = ["epochs", "patience", "interruption", "divergence"] as const;

/** How well one class is recognized, on the test set; null where the class is neither in its labels nor predicted. */
const perClassRecord = fields({
  name: text,
  precision: measured,
  recall: measured,
  f1: measured,
  /** Rows that truly are of this class. */
  support: count,
});
export type PerClassRecord = Read<typeof perClassRecord>;

/** O x O counts on the test set: a row for each true class, a column for each predicted one. */
const confusionMatrix = v.pipe(
  listOf(listOf(count)),
  v.checkItems(
    (row, _trueClass, rows) => row.length === rows.length,
    ({ input, path }) => {
      const { length: rows } = path![0].input as readonly unknown[];
      return `has ${input.length} entries in a matrix of ${rows} rows`;
    },
  ),
);

/** What was predicted of some rows of the test set, and what is true, in the target's unit. */
const predictionsRecord = v.pipe(
  fields({
    /** Of the target. */
    name: text,
    actual: items(measured),
    predicted: items(measured),
  }),
  v.check(
    ({ actual, predicted }) => actual.length === predicted.length,
    ({ input: { actual, predicted } }) =>
      `has ${actual.length} actual values and ${predicted.length} predicted ones`,
  ),
);
export type PredictionsRecord = Read<typeof predictionsRecord>;

/** The last line. What a run did not reach is null: the test set of a failed run, for instance. */
export const endRecord = fields({
  type: exactly("end"),
  status: runStatus,
  /** Absent in logs of versions that did not write it, and in those of runs that failed. */
  stoppedBy: v.optional(oneOf(STOP_REASONS)),
  /** The epoch with the best validation loss, from 1; null where nothing validated. Absent likewise. */
  bestEpoch: v.optional(v.nullable(count)),
  /** Of the model that was saved; absent likewise. */
  validationLoss: v.optional(measured),
  validationAccuracy: accuracy,
  testAccuracy: accuracy,
  testLoss: accuracy,
  /** Metrics of the model that was saved, the loss among them; absent in version 1. */
  validation: v.optional(v.nullable(metricValues)),
  test: v.optional(v.nullable(metricValues)),
  /** Of binary tasks: from which probability on the answer is yes. */
  threshold: v.optional(measured),
  confusionMatrix: v.optional(v.nullable(confusionMatrix), null),
  /** O entries, in the order of the classes; of multi-label tasks, of the labels. */
  perClass: v.optional(v.nullable(listOf(perClassRecord)), null),
  /** Of regression: an entry for each target; else absent. */
  predictions: v.optional(v.nullable(items(predictionsRecord))),
  totalMs: measured,
  /** One line on what went wrong; absent where nothing did. */
  error: v.optional(text),
});
export type EndRecord = Read<typeof endRecord>;
