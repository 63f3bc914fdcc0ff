/**
 * What a network is to learn of each row: a task owns its targets, its loss, what becomes of a network's outputs, and the
 * metrics by which both are judged.
 *
 * Glossary: N rows of a data set, B of a batch, O outputs of the network.
 */
import type { Distance } from "../backend/distances.ts";
import type { Backend, ByteMatrix, Matrix, RowIndices } from "../backend/mod.ts";
import type { SampleTargets, TaskName } from "../dataset/samples.ts";
import type { BatchBuffers } from "../nn/sequential.ts";
import type { ClassMetrics, ConfusionMatrix } from "./metrics/metrics.ts";
import type { ClassWeights } from "./class_weights.ts";
import type { Threshold } from "./threshold.ts";

/** What tells more of evaluated rows than metrics do; null where the task has no such thing. */
export interface Details {
  /** Counts by true class (row) and predicted class (column). */
  readonly confusionMatrix: ConfusionMatrix | null;
  /** Of each class, or of each label. */
  readonly perClass: readonly ClassMetrics[] | null;
  /** Some of the rows, of each target, in its unit. */
  readonly predictions: readonly TargetPredictions[] | null;
}

/** What was predicted of one target, and what it is. */
export interface TargetPredictions {
  /** Of the target. */
  readonly name: string;
  /** What it is, a number a row. */
  readonly actual: readonly number[];
  /** As many. */
  readonly predicted: readonly number[];
}

/** What is measured, as logs and pages name it. */
export interface Metric {
  /** As options and logs have it, such as `macroF1`. */
  readonly name: string;
  /** As people read it. */
  readonly label: string;
  /** "nats", "" for a fraction, or "target" for the unit of the targets. */
  readonly unit: string;
  /** Which of two values is the better one. */
  readonly higherIsBetter: boolean;
}

/** By name; null where the rows do not tell. */
export type Metrics = Readonly<Record<string, number | null>>;

/** What tells which loss numbers have: models of regression keep it, to be evaluated by. */
export interface DistanceOptions {
  /** Huber's delta, in standard deviations of the target; 0 for the squared error. */
  readonly huber: number;
  /** The loss; "squared" leaves it to Huber's delta. */
  readonly distance?: Distance;
}

/** What of a configuration the losses look at. */
export interface LossOptions extends DistanceOptions {
  readonly labelSmoothing: number;
  readonly classWeights: ClassWeights;
  /** What a yes counts, of yes and no. */
  readonly positiveWeight: number;
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

/** How to read what is found of rows. */
export interface About {
  readonly outputs: number;
  /** What it was standardized by. */
  readonly map: TargetMap | null;
  /** Above which a probability is a yes. */
  readonly threshold: number;
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

/** What is learned of a row: its targets, loss, what becomes of outputs, and metrics. */
export interface Task {
  /** As `targets` and models have it. */
  readonly name: TaskName;
  /** The loss first. */
  readonly metrics: readonly Metric[];
  /** What the outputs of a network that is used go through. */
  readonly head: "softmax" | "sigmoid" | "identity";

  /**
   * Checks types and counts.
   *
   * @internal
   * @param rows   N
   * @param cannot what cannot be done otherwise, and the name of the argument that has the targets
   * @throws {UsageError} where something is of another type
   * @throws {WeftError} where there are not as many as rows, or a value is none
   */
  check(targets: SampleTargets, rows: number, cannot: string, name: string): void;
  /**
   * Names of classes, labels or targets where nobody gave any.
   *
   * @internal
   */
  defaultNames(targets: SampleTargets): readonly string[];
  /** Outputs of a network, by the number of names. */
  outputs(names: number): number;
  /** @internal @throws {UsageError} where an option does not go with the task */
  requireOptions(options: LossOptions, names: number): void;
  /**
   * What targets are standardized by; null where they are not.
   *
   * @internal
   * @param rows to train on
   */
  fit(targets: SampleTargets, rows: Uint32Array): TargetMap | null;
  /** Of what is found of each row, as `TaskLoss.note` leaves it: columns. */
  foundColumns(outputs: number): number;
  /** @internal @param options null to evaluate: without weights and smoothing, but with the distance as trained */
  loss(place: LossPlace, options: LossOptions): TaskLoss;
  /**
   * Metrics of evaluated rows.
   *
   * @internal
   * @param found as `TaskLoss.note` leaves it, a row for each of `rows`
   */
  measure(
    found: Float32Array,
    targets: SampleTargets,
    rows: Uint32Array,
    about: About,
  ): Metrics;
  /**
   * More of the same rows, for logs and pages.
   *
   * @internal
   * @param names of classes, labels or targets
   */
  detail(
    found: Float32Array,
    targets: SampleTargets,
    rows: Uint32Array,
    about: About & { readonly names: readonly string[] },
  ): Details;
}

/** What evaluates: nothing that is for training alone. */
export function evaluationOptions(options: DistanceOptions): LossOptions {
  return {
    labelSmoothing: 0,
    classWeights: "none",
    positiveWeight: 1,
    ...distanceOptionsOf(options),
  };
}

/** Them alone, without what says nothing. */
export function distanceOptionsOf(
  { huber, distance = "squared" }: DistanceOptions,
): DistanceOptions {
  return { huber, ...(distance === "squared" ? {} : { distance }) };
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
