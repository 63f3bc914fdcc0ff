/** What a training run reports, in order: `start` or `resume`, then `progress` and `epoch` as it goes, then one `end`. */
import type { BackendDescription } from "../backend/mod.ts";
import type { Preprocessing } from "../dataset/preprocessing/preprocessing.ts";
import type { Model } from "../model/model.ts";
import type { Details, Metrics } from "../task/task.ts";
import type { TrainingState } from "./checkpoint/state.ts";

/** What is known of a run before its first batch. */
export interface Beginning {
  /** Number of weights and biases. */
  readonly parameters: number;
  /** Rows that are trained on. */
  readonly trainRows: number;
  /** Rows that validate. */
  readonly validationRows: number;
  /** Batches of an epoch. */
  readonly batches: number;
  /** What computes. */
  readonly environment: BackendDescription;
  /** Of tables: what their rows go through, fitted on the rows to train on. */
  readonly preprocessing?: Preprocessing;
  /** Of tables: what was decided on its own, or is odd, a line each. */
  readonly notes?: readonly string[];
}

/** Before the first batch. */
export interface StartEvent extends Beginning {
  /** What tells it from the others. */
  readonly type: "start";
}

/** Before the first batch of a run that continues from a state; in place of `start`. */
export interface ResumeEvent extends Beginning {
  /** What tells it from the others. */
  readonly type: "resume";
  /** Epochs that are complete, and batches of the next one that are. */
  readonly epoch: number;
  /** Batches of the next epoch that are done. */
  readonly batch: number;
}

/** A few times a second. */
export interface ProgressEvent {
  /** What tells it from the others. */
  readonly type: "progress";
  /** The epoch under way, from 1. */
  readonly epoch: number;
  /** Batches of it that are done. */
  readonly batch: number;
  /** Batches of an epoch. */
  readonly batches: number;
  /** Since training began. */
  readonly elapsedMs: number;
}

/** Parts of an epoch, where calls are computed at once. */
export const PHASES = [
  "gather",
  "forward",
  "loss",
  "backward",
  "communicate",
  "update",
  "validate",
] as const;
/** A part of an epoch. */
export type Phase = typeof PHASES[number];

/**
 * Where an epoch's time went. Where a device of its own computes (WebGPU), its parts overlap: `encode` is what the
 * processor took to tell it what to do in the training steps, `device` what the device took for everything, absent where
 * it cannot tell; `communicate` is the sum over processes, absent for one; `validate` is from the last training step to the end of the epoch. Of an epoch that was cut, only the part
 * that this process did.
 */
export type PhasesMs = Readonly<Partial<Record<Phase | "encode" | "device", number>>>;

/** After each epoch. Losses in nats (regression: squared standard deviations of the target), accuracies from 0 to 1. */
export interface EpochEvent {
  /** What tells it from the others. */
  readonly type: "epoch";
  /** From 1. */
  readonly epoch: number;
  /**
   * Mean over the rows as they were met, each before its batch's update; penalties included. Of what training aims at: with
   * dropout, smoothed labels and class weights, the mean being weighted by those.
   */
  readonly trainLoss: number;
  /** NaN where the task has no accuracy. */
  readonly trainAccuracy: number;
  /** Mean over the validation rows after the epoch; penalties included. Null where nothing validates. */
  readonly validationLoss: number | null;
  /** From 0 to 1; null where nothing validates or the task has none. */
  readonly validationAccuracy: number | null;
  /** The task's metrics, but for the loss, of the rows as they were met; null where that was not measured. */
  readonly train: Metrics;
  /** And of the validation rows; null where nothing validates. */
  readonly validation: Metrics | null;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  /** This epoch, validation included. */
  readonly epochMs: number;
  /** Since training began. */
  readonly elapsedMs: number;
  /** Training rows a second of `epochMs`. */
  readonly samplesPerSecond: number;
  /** Where the epoch's time went. */
  readonly phasesMs: PhasesMs;
}

/** Where training stands, to continue from later; as often as was asked for, and when interrupted. */
export interface CheckpointEvent {
  /** What tells it from the others. */
  readonly type: "checkpoint";
  /** Epochs that are complete, and batches of the next one that are. */
  readonly epoch: number;
  /** Batches of the next epoch that are done. */
  readonly batch: number;
  /** What `resume` takes; `encodeState` makes it bytes. */
  readonly state: TrainingState;
}

/** A device failed, and training continues with another back end from the last epoch that was completed. */
export interface FallbackEvent {
  /** What tells it from the others. */
  readonly type: "fallback";
  /** The last epoch that counts, 0 if none. */
  readonly epoch: number;
  /** What computes from now on. */
  readonly environment: BackendDescription;
  /** What went wrong, in one line. */
  readonly error: string;
}

/** Why training stopped: all epochs done, patience at its end, its signal, or a loss that is not finite. */
export type StopReason = "epochs" | "patience" | "interruption" | "divergence";

/** What came out. */
export interface EndEvent extends Details {
  /** What tells it from the others. */
  readonly type: "end";
  /** What computed last: the back end of the start, or of the last fallback. */
  readonly environment: BackendDescription;
  /** "interrupted" by its signal; "diverged" when a loss stopped being finite. */
  readonly status: "completed" | "interrupted" | "diverged";
  /**
   * The network as training left it or, where it diverged, as the last epoch with finite losses left it; null where there
   * was none. With `restoreBest`, that of the best epoch.
   */
  readonly model: Model | null;
  /** The network of the last epoch where `model` is that of an earlier one, else null. */
  readonly lastModel: Model | null;
  /** What ended it. */
  readonly stoppedBy: StopReason;
  /** The epoch with the best validation (by `monitor`, the loss by default), from 1; null where there was none. */
  readonly bestEpoch: number | null;
  /** Of `model` on the validation rows, penalties included; null without a model or where nothing validates. */
  readonly validationLoss: number | null;
  /** From 0 to 1; null where nothing validates or the task has none. */
  readonly validationAccuracy: number | null;
  /** All metrics of `model`, the loss among them, on the validation rows and on the test set; null likewise. */
  readonly validation: Metrics | null;
  /** Likewise, on the test set. */
  readonly test: Metrics | null;
  /** Of binary tasks: above which a probability is a yes; else null. */
  readonly threshold: number | null;
  /** Of `model` on the test set, as its details are; null without a model or a test set. */
  readonly testAccuracy: number | null;
  /** Of `model` on the test set, without penalties. */
  readonly testLoss: number | null;
  /** Since training began. */
  readonly totalMs: number;
  /** Where it diverged, from 1; the batch is null where the epoch's own losses were finite, but not what it led to. */
  readonly divergedAt: { readonly epoch: number; readonly batch: number | null } | null;
}

/** What `train` yields. */
export type TrainEvent =
  | StartEvent
  | ResumeEvent
  | ProgressEvent
  | EpochEvent
  | CheckpointEvent
  | FallbackEvent
  | EndEvent;
