/**
 * What `runs/NAME/log.jsonl` holds: one `run` record, one `epoch` record an epoch, a `fallback`
 * record where a device failed, one `end` record, and a `resume` record where another process went on; one JSON object a
 * line. Units are in the names (`Ms` milliseconds); losses are
 * cross-entropy in nats, accuracies are fractions from 0 to 1. JSON has no NaN or Infinity: a
 * number that is not finite is written as `null`, and `status` says why.
 *
 * Glossary: O classes.
 */

/**
 * The version of this format, written into every `run` record. Version 2 adds the task, its metrics by name, the layers and
 * what rows consist of; records of version 1 have none of these, and everything else alike.
 */
export const SCHEMA = 2;

/** A measured number; null where it was not finite or was not measured. */
export type Measured = number | null;

/** The value of one option. */
export type ConfigValue = ConfigScalar | readonly ConfigScalar[];
export type ConfigScalar = string | number | boolean | null;

/** What is measured, besides what every run has. */
export interface MetricRecord {
  /** As records have it: `accuracy`. */
  readonly name: string;
  /** As pages have it: "Accuracy". */
  readonly label: string;
  /** "nats"; "" for a plain number or a fraction; "target" for the unit of the targets. */
  readonly unit: string;
  readonly higherIsBetter: boolean;
}

/** By name; null where the rows did not tell. */
export type MetricValues = Readonly<Record<string, Measured>>;

export interface LayerRecord {
  /** As `--layers` writes it: "dense 64". */
  readonly kind: string;
  /** Of its output, without the batch. */
  readonly shape: readonly number[];
}

/** What a row consists of. */
export interface FeaturesRecord {
  /** "uint8" or "float32". */
  readonly element: string;
  /** [features], or [height, width, channels]. */
  readonly shape: readonly number[];
}

/** The first line: what is about to be trained, on what, and where. */
export interface RunRecord {
  readonly type: "run";
  readonly schema: number;
  /** The name of the run's folder. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Every option as it was used, defaults and presets resolved. */
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly dataset: RunDataset;
  readonly environment: RunEnvironment;
  /** Trainable numbers in the network: weights and biases. */
  readonly parameters: number;
  /** "classification", "binary", "multi-label" or "regression"; this and the next three are absent in version 1. */
  readonly task?: string;
  /** The loss first. */
  readonly metrics?: readonly MetricRecord[];
  /** With the output's, which is last. */
  readonly layers?: readonly LayerRecord[];
  readonly features?: FeaturesRecord;
  /** What was measured to choose the back end; absent where there was no choice, or the user made it. */
  readonly calibration?: readonly CalibrationRecord[];
  /** Which trial of which search it is; absent where it is none. */
  readonly trial?: TrialMark;
}

/** What a search hands to a trial, and by which it knows the trial's run again, whatever its folder is called. */
export interface TrialMark {
  /** The search's random `id`. */
  readonly search: string;
  /** Counted from 1. */
  readonly trial: number;
}

export interface RunDataset {
  readonly name: string;
  /** Rows of each part; `test` is 0 where there is no test set. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** SHA-256 of the decompressed files in lower-case hexadecimal, by file name. */
  readonly sha256: Readonly<Record<string, string>>;
}

export interface RunEnvironment extends BackendRecord {
  readonly deno: string;
  readonly v8: string;
  readonly os: string;
  readonly arch: string;
  /** Logical processors. */
  readonly cpus: number;
}

/** What computes. */
export interface BackendRecord {
  readonly backend: string;
  readonly threads: number;
  /** Which build of the WebAssembly kernels ran; null where none did. */
  readonly simd: string | null;
  /** The GPU; null where the back end uses none. */
  readonly adapter: string | null;
}

/** A back end that was tried on the network to be trained. */
export interface CalibrationRecord extends BackendRecord {
  /** Rows of the batches that were tried; fewer than the run's where a step takes long. */
  readonly batchSize: number;
  /** Median time of a training step; null where it failed. */
  readonly stepMs: Measured;
}

/** A device failed; from here on another back end computes, from the last epoch that was completed. */
export interface FallbackRecord {
  readonly type: "fallback";
  /** That epoch; 0 where there was none. */
  readonly epoch: number;
  readonly environment: BackendRecord;
  /** One line on what went wrong. */
  readonly error: string;
}

/**
 * Another process goes on with the run, from here on. An `end` before it counts no more. What was trained after the
 * checkpoint from which it goes on is trained again, to the same bits, and its epochs are not written again.
 */
export interface ResumeRecord {
  readonly type: "resume";
  /** ISO 8601, UTC. */
  readonly resumedAt: string;
  /** Epochs that the checkpoint has, and batches of the next one. */
  readonly epoch: number;
  readonly batch: number;
  readonly environment: RunEnvironment;
}

/** One line an epoch. */
export interface EpochRecord {
  readonly type: "epoch";
  /** Counted from 1. */
  readonly epoch: number;
  readonly trainLoss: Measured;
  /** Null, and not written, where the task has no accuracy. */
  readonly trainAccuracy: Measured;
  /** Null also where nothing validates. */
  readonly validationLoss: Measured;
  readonly validationAccuracy: Measured;
  /** The task's metrics, but for the loss; absent in version 1, `validation` null where nothing validates. */
  readonly train?: MetricValues;
  readonly validation?: MetricValues | null;
  /** Of the epoch's last step. */
  readonly learningRate: Measured;
  /** The time of this epoch, validation included. */
  readonly epochMs: Measured;
  /** Since training began. */
  readonly elapsedMs: Measured;
  /** Training rows a second. */
  readonly samplesPerSecond: Measured;
  /**
   * Where the time of the epoch went, by the name of the phase. Where a device of its own computes: `encode`, what the
   * processor took to tell it what to do; `device`, what the device took; they overlap.
   */
  readonly phasesMs: Readonly<Record<string, number>>;
}

/** How a run ended. */
export const STATUSES = ["completed", "interrupted", "diverged", "failed"] as const;
export type RunStatus = (typeof STATUSES)[number];

/** Why it stopped: all epochs done, patience at its end, Ctrl-C, or a loss that is not finite. */
export const STOP_REASONS = ["epochs", "patience", "interruption", "divergence"] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** How well one class is recognised, on the test set; null where the class is neither in its labels nor predicted. */
export interface PerClassRecord {
  readonly name: string;
  readonly precision: Measured;
  readonly recall: Measured;
  readonly f1: Measured;
  /** Rows that truly are of this class. */
  readonly support: number;
}

/** The last line. What a run did not reach is null: the test set of a failed run, for instance. */
export interface EndRecord {
  readonly type: "end";
  readonly status: RunStatus;
  /** Absent in logs of versions that did not write it, and in those of runs that failed. */
  readonly stoppedBy?: StopReason;
  /** The epoch with the best validation loss, from 1; null where nothing validated. Absent likewise. */
  readonly bestEpoch?: number | null;
  /** Of the model that was saved; absent likewise. */
  readonly validationLoss?: Measured;
  readonly validationAccuracy: Measured;
  readonly testAccuracy: Measured;
  readonly testLoss: Measured;
  /** Metrics of the model that was saved, the loss among them; absent in version 1. */
  readonly validation?: MetricValues | null;
  readonly test?: MetricValues | null;
  /** Of binary tasks: from which probability on the answer is yes. */
  readonly threshold?: number;
  /** O x O counts on the test set: a row for each true class, a column for each predicted one. */
  readonly confusionMatrix: readonly (readonly number[])[] | null;
  /** O entries, in the order of the classes. */
  readonly perClass: readonly PerClassRecord[] | null;
  readonly totalMs: Measured;
  /** One line on what went wrong; absent where nothing did. */
  readonly error?: string;
}

export type LogRecord = RunRecord | ResumeRecord | EpochRecord | FallbackRecord | EndRecord;
