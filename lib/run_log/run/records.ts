/**
 * What `runs/NAME/log.jsonl` holds: one `run` record, one `epoch` record an epoch, a `fallback`
 * record where a device failed, one `end` record, and a `resume` record where another process continued; one JSON object a
 * line. Units are in the names (`Ms` milliseconds); losses are
 * cross-entropy in nats, accuracies are fractions from 0 to 1. JSON has no NaN or Infinity: a
 * number that is not finite is written as `null`, and `status` says why.
 *
 * A log comes from a disk and may have been written by another version, edited, or damaged: each field is checked, unknown
 * ones are left behind, and nothing deeper than the schema is kept.
 *
 * Glossary: O classes.
 */

import * as v from "valibot";
import {
  checksums,
  config,
  count,
  entriesOf,
  exactly,
  fields,
  isNumber,
  isObject,
  items,
  listOf,
  type Measured,
  measured,
  oneOf,
  type Read,
  read,
  text,
  truth,
} from "../shared/fields.ts";

export type { ConfigValue, Measured } from "../shared/fields.ts";

/**
 * The version of this format, written into every `run` record. Version 2 adds the task, its metrics by name, the layers and
 * what rows consist of; records of version 1 have none of these, and everything else alike.
 */
export const SCHEMA = 2;

/** More are in no log that Weft has written. */
const MOST_METRICS = 100;

/** Processes are at most as many as shards. */
const MOST_PROCESSES = 64;

/** What is measured, besides what every run has. */
export const metricRecord = fields({
  /** As records have it: `accuracy`. */
  name: text,
  /** As pages have it: "Accuracy". */
  label: text,
  /** "nats"; "" for a plain number or a fraction; "target" for the unit of the targets. */
  unit: text,
  higherIsBetter: truth,
});
export type MetricRecord = Read<typeof metricRecord>;

/** Metrics by name; null where the rows did not tell. */
export const metricValues = entriesOf((entry): entry is Measured =>
  entry === null || isNumber(entry)
);
export type MetricValues = Read<typeof metricValues>;

const layerRecord = fields({
  /** As `--layers` writes it: "dense 64". */
  kind: text,
  /** Of its output, without the batch. */
  shape: listOf(count),
});
export type LayerRecord = Read<typeof layerRecord>;

/** A column of a table that is learned from. */
const columnRecord = fields({
  name: text,
  /** "number", "category" or "vector". */
  kind: text,
  /** Inputs of the network that it becomes. */
  features: count,
  /** Rows whose cell is empty. */
  holes: count,
});

/** What a row consists of. */
const featuresRecord = fields({
  /** "uint8" or "float32". */
  element: text,
  /** [features], or [height, width, channels]. */
  shape: listOf(count),
  /** Of tables: what the features are made of, in their order. */
  columns: v.optional(items(columnRecord)),
});
export type FeaturesRecord = Read<typeof featuresRecord>;

/** An accuracy: null, and not written, where the task has none. */
const accuracy = v.optional(measured, null);

/** How a run ended. */
const STATUSES = ["completed", "interrupted", "diverged", "failed"] as const;
export type RunStatus = (typeof STATUSES)[number];
export const runStatus = oneOf(STATUSES);

/** Why it stopped: all epochs done, patience at its end, Ctrl-C, or a loss that is not finite. */
const STOP_REASONS = ["epochs", "patience", "interruption", "divergence"] as const;

/** What computes. */
const backend = {
  backend: text,
  threads: count,
  /** Which build of the WebAssembly kernels ran; null where none did. */
  simd: v.nullable(text),
  /** The GPU; null where the back end uses none. */
  adapter: v.nullable(text),
};
const backendRecord = fields(backend);
export type BackendRecord = Read<typeof backendRecord>;

const runEnvironment = fields({
  deno: text,
  v8: text,
  os: text,
  arch: text,
  /** Logical processors. */
  cpus: count,
  ...backend,
});
export type RunEnvironment = Read<typeof runEnvironment>;

const runDataset = fields({
  name: text,
  /** Rows of each part; `test` is 0 where there is no test set. */
  train: count,
  validation: count,
  test: count,
  /** SHA-256 of the decompressed files in lower-case hexadecimal, by file name. */
  sha256: checksums,
});
export type RunDataset = Read<typeof runDataset>;

/** A back end that was tried on the network to be trained. */
const calibrationRecord = fields({
  ...backend,
  /** Rows of the batches that were tried; fewer than the run's where a step takes long. */
  batchSize: count,
  /** Median time of a training step; null where it failed. */
  stepMs: measured,
});
export type CalibrationRecord = Read<typeof calibrationRecord>;

/** What a search hands to a trial, and by which it knows the trial's run again, whatever its folder is called. */
const trialMark = fields({
  /** The search's random `id`. */
  search: text,
  /** Counted from 1. */
  trial: count,
});
export type TrialMark = Read<typeof trialMark>;

/** The first line: what is about to be trained, on what, and where. */
/** Processes that train one run together. */
const processesRecord = fields({
  count,
  /** Of the machine of each, by rank. */
  hosts: items(text, MOST_PROCESSES),
  /** What they talk through, as in "Open MPI 4.1.4". */
  library: text,
});
export type ProcessesRecord = Read<typeof processesRecord>;

const runRecord = fields({
  type: exactly("run"),
  schema: count,
  /** The name of the run's folder. */
  name: text,
  /** ISO 8601, UTC. */
  startedAt: text,
  /** Every option as it was used, defaults and presets resolved. */
  config,
  dataset: runDataset,
  environment: runEnvironment,
  /** Trainable numbers in the network: weights and biases. */
  parameters: count,
  /** "classification", "binary", "multi-label" or "regression"; this and the next three are absent in version 1. */
  task: v.optional(text),
  /** The loss first. */
  metrics: v.optional(items(metricRecord, MOST_METRICS)),
  /** With the output's, which is last. */
  layers: v.optional(items(layerRecord)),
  features: v.optional(featuresRecord),
  /** What was measured to choose the back end; absent where there was no choice, or the user made it. */
  calibration: v.optional(listOf(calibrationRecord)),
  /** Which trial of which search it is; absent where it is none. */
  trial: v.optional(trialMark),
  /** Who trains it; absent where one process does. */
  processes: v.optional(processesRecord),
});
export type RunRecord = Read<typeof runRecord>;

/** A device failed; from here on another back end computes, from the last epoch that was completed. */
const fallbackRecord = fields({
  type: exactly("fallback"),
  /** That epoch; 0 where there was none. */
  epoch: count,
  environment: backendRecord,
  /** One line on what went wrong. */
  error: text,
});
export type FallbackRecord = Read<typeof fallbackRecord>;

/**
 * Another process continues with the run, from here on. An `end` before it counts no more. What was trained after the
 * checkpoint from which it continues is trained again, to the same bits, and its epochs are not written again.
 */
const resumeRecord = fields({
  type: exactly("resume"),
  /** ISO 8601, UTC. */
  resumedAt: text,
  /** Epochs that the checkpoint has, and batches of the next one. */
  epoch: count,
  batch: count,
  environment: runEnvironment,
  /** Who trains it from here on; absent where one process does. */
  processes: v.optional(processesRecord),
});
export type ResumeRecord = Read<typeof resumeRecord>;

const epochFields = {
  type: exactly("epoch"),
  /** Counted from 1. */
  epoch: v.pipe(count, v.minValue(1, "is 0, but epochs count from 1")),
  trainLoss: measured,
  trainAccuracy: accuracy,
  /** Null also where nothing validates. */
  validationLoss: measured,
  validationAccuracy: accuracy,
  /** Of the epoch's last step. */
  learningRate: measured,
  /** The time of this epoch, validation included. */
  epochMs: measured,
  /** Since training began. */
  elapsedMs: measured,
  /** Training rows a second. */
  samplesPerSecond: measured,
  /**
   * Where the time of the epoch went, by the name of the phase. Where a device of its own computes: `encode`, what the
   * processor took to tell it what to do; `device`, what the device took; they overlap.
   */
  phasesMs: entriesOf(isNumber),
};

/** The task's metrics, but for the loss; absent in version 1, `validation` null where nothing validates. */
const epochMetrics = {
  train: v.optional(v.nullable(metricValues)),
  validation: v.optional(v.nullable(metricValues)),
};

/** One line an epoch. */
const epochRecord = fields({ ...epochFields, ...epochMetrics });
export type EpochRecord = Read<typeof epochRecord>;

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
const endRecord = fields({
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

export type LogRecord = RunRecord | ResumeRecord | EpochRecord | FallbackRecord | EndRecord;

/** By their types. */
const RECORDS: ReadonlyMap<string, v.GenericSchema<unknown, LogRecord>> = new Map<
  string,
  // deno-lint-ignore no-explicit-any -- each schema reads a record of its own
  any
>([
  ["run", runRecord],
  ["epoch", epochRecord],
  ["fallback", fallbackRecord],
  ["resume", resumeRecord],
  ["end", endRecord],
]);

const anyRecord = fields({ type: text });

const EPOCH_KEYS = Object.keys(epochFields).length;
const EPOCH_MEASURES = Object.entries(epochFields)
  .filter(([, schema]) => schema === measured || schema === accuracy)
  .map(([key]) => key);

/**
 * Whether it is an epoch with all fields and no other, which needs no reading: a long log is nothing else, and the schema
 * takes twice as long as parsing its JSON.
 */
function isPlainEpoch(value: unknown): value is EpochRecord {
  if (!isObject(value) || value.type !== "epoch") return false;
  const more = Object.keys(value).length - EPOCH_KEYS;
  const { train, validation } = value;
  const hasMetrics = more === 2 && isPlainMetrics(train) && isPlainMetrics(validation);
  if (more !== 0 && !hasMetrics) return false;
  const { epoch, phasesMs } = value;
  return Number.isSafeInteger(epoch) && epoch as number >= 1 &&
    EPOCH_MEASURES.every((key) => value[key] === null || Number.isFinite(value[key])) &&
    isObject(phasesMs) && Object.values(phasesMs).every(isNumber);
}

function isPlainMetrics(value: unknown): boolean {
  return value === null ||
    (isObject(value) &&
      Object.values(value).every((entry) => entry === null || Number.isFinite(entry)));
}

/**
 * The record in a parsed line; null where its type is one that this version does not know.
 *
 * @throws {FieldError} If it is no record, or a field of it is missing or of the wrong type.
 */
export function toRecord(value: unknown): LogRecord | null {
  if (isPlainEpoch(value)) return value;
  const schema = RECORDS.get(read(anyRecord, value, "the record").type);
  return schema ? read(schema, value, "the record") : null;
}
