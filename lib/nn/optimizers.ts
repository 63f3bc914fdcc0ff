/** How gradients change parameters: what an optimizer is given. The optimizers are in optimizers/. */
import type { Backend, Matrix } from "../backend/mod.ts";

/** A tensor that is trained, with the gradient of the batch's mean loss. */
export interface Parameter {
  /** As in files: `layers.0.weight`. */
  readonly name: string;
  readonly value: Matrix;
  readonly gradient: Matrix;
  /** What the optimizer keeps of earlier steps, one matrix for each name of its `slots`; zeros at first. */
  readonly slots: readonly Matrix[];
  /** Whether penalties and weight decay apply: to weights, not to biases. */
  readonly penalized: boolean;
}

/** One step of training. */
export interface UpdateStep {
  /** Steps before this one since training began, also before it was interrupted. */
  readonly number: number;
  readonly learningRate: number;
  /** Samples of the batch whose mean gradient is followed. */
  readonly batchRows: number;
  /** 1 x 1: what the gradients are multiplied by, before penalties; null for 1. */
  readonly scale: Matrix | null;
}

/** Keeps nothing but its `slots` from step to step, so that these and the number of a step say all. */
export interface Optimizer {
  /** Names of what is kept for every parameter from step to step. */
  readonly slots: readonly string[];
  /** Changes every parameter by its gradient. */
  step(backend: Backend, parameters: readonly Parameter[], step: UpdateStep): void;
}

/**
 * Weights of the penalties l1 sum|w| + l2 / 2 sum w^2, which are of the whole loss: a batch's mean gradient takes its share
 * of them, (l1 sign(w) + l2 w) / batchRows.
 */
export interface Penalties {
  readonly l1: number;
  readonly l2: number;
}
