/**
 * What a network is to learn of each row: a task owns its targets, its loss, what becomes of a network's outputs, and the
 * metrics by which both are judged.
 *
 * Glossary: N rows of a data set, B of a batch, O outputs of the network.
 */
import type { Backend, ByteMatrix, Matrix, RowIndices } from "../backend/mod.ts";
import type { SampleTargets, TaskName } from "../dataset/samples.ts";
import type { BatchBuffers } from "../nn/sequential.ts";
import type { ClassWeights } from "./class_weights.ts";
import type { Threshold } from "./threshold.ts";

/** What is measured, as logs and pages name it. */
export interface Metric {
  /** As options and logs have it, such as `macroF1`. */
  readonly name: string;
  readonly label: string;
  /** "nats", "" for a fraction, or "target" for the unit of the targets. */
  readonly unit: string;
  readonly higherIsBetter: boolean;
}

/** By name; null where the rows do not tell. */
export type Metrics = Readonly<Record<string, number | null>>;

/** What of a configuration the losses look at. */
export interface LossOptions {
  readonly labelSmoothing: number;
  readonly classWeights: ClassWeights;
  /** What a yes counts, of yes and no. */
  readonly positiveWeight: number;
  /** Huber's delta, in standard deviations of the target; 0 for the squared error. */
  readonly huber: number;
  /** From which probability on an answer is yes, while training; 0.5 by default. */
  readonly threshold?: Threshold;
}

/** How targets become what a network's outputs are compared with: (value - mean) / std, by column. */
export interface TargetMap {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Targets of a data set on a back end, and where they are from. */
export interface UploadedTargets {
  readonly matrix: Matrix | ByteMatrix;
  readonly targets: SampleTargets;
  readonly weights: Float32Array | null;
  readonly map: TargetMap | null;
}

/** Where a loss is made: its buffers belong to the caller. */
export interface LossPlace {
  readonly backend: Backend;
  readonly allocate: (rows: number, columns: number) => Matrix;
  readonly uploaded: UploadedTargets;
  /** Rows to train on, or to evaluate. */
  readonly rows: Uint32Array;
  readonly outputs: number;
}

/** The loss on a back end. */
export interface TaskLoss {
  /** Before the forward pass of a batch, which keeps products and what follows them together. */
  prepare(order: RowIndices, start: number, rows: number): void;
  /** Writes rows `start` on of `found`: what metrics are computed from. */
  note(found: Matrix, logits: Matrix, start: number): void;
  /** Fills `losses` from `start` on, and the gradient of the logits, from the logits. */
  take(
    buffers: Pick<BatchBuffers, "logits" | "dLogits">,
    losses: Matrix,
    order: RowIndices,
    start: number,
  ): void;
  /**
   * The loss of an epoch.
   *
   * @param losses  sum over its rows, each times what it counts
   * @param penalty of the whole loss
   */
  mean(losses: number, penalty: number): number;
  /** Metrics of the rows of an epoch, in the order in which they were met. */
  epochMetrics(found: Matrix, order: RowIndices, rows: Uint32Array): Promise<Metrics>;
}

export interface Task {
  readonly name: TaskName;
  /** The loss first. */
  readonly metrics: readonly Metric[];
  /** What the outputs of a network that is used go through. */
  readonly head: "softmax" | "sigmoid" | "identity";

  /**
   * Checks types and counts.
   *
   * @param rows   N
   * @param cannot what cannot be done otherwise, and the name of the argument that has the targets
   * @throws {UsageError} where something is of another type
   * @throws {WeftError} where there are not as many as rows, or a value is none
   */
  check(targets: SampleTargets, rows: number, cannot: string, name: string): void;
  /** Names of classes, labels or targets where nobody gave any. */
  defaultNames(targets: SampleTargets): readonly string[];
  /** Outputs of a network, by the number of names. */
  outputs(names: number): number;
  /** @throws {UsageError} where an option does not go with the task */
  requireOptions(options: LossOptions, names: number): void;
  /** What targets are standardized by; null where they are not. @param rows to train on */
  fit(targets: SampleTargets, rows: Uint32Array): TargetMap | null;
  /** Of what is found of each row, as `TaskLoss.note` leaves it: columns. */
  foundColumns(outputs: number): number;
  /** @param options null to evaluate: without weights and smoothing, but with Huber's delta as trained */
  loss(place: LossPlace, options: LossOptions): TaskLoss;
  /**
   * Metrics of evaluated rows.
   *
   * @param found as `TaskLoss.note` leaves it, a row for each of `rows`
   * @param map   what `found` was standardized by
   * @param threshold above which a probability is a yes
   */
  measure(
    found: Float32Array,
    targets: SampleTargets,
    rows: Uint32Array,
    about: { readonly outputs: number; readonly map: TargetMap | null; readonly threshold: number },
  ): Metrics;
}

/** What evaluates: nothing that is for training alone. */
export function evaluationOptions(options: Pick<LossOptions, "huber">): LossOptions {
  return { labelSmoothing: 0, classWeights: "none", positiveWeight: 1, huber: options.huber };
}

export const LOSS_METRIC: Metric = {
  name: "loss",
  label: "Loss",
  unit: "nats",
  higherIsBetter: false,
};

/** Of a metric that is a fraction of which more is better. */
export const fraction = (name: string, label: string): Metric => ({
  name,
  label,
  unit: "",
  higherIsBetter: true,
});
