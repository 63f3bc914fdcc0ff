/** How gradients change parameters. */
import type { Backend, Matrix } from "../backend.ts";

/** A tensor that is trained, with the gradient of the batch's mean loss. */
export interface Parameter {
  /** As in files: `layers.0.weight`. */
  readonly name: string;
  readonly value: Matrix;
  readonly gradient: Matrix;
  /** What the optimizer keeps of earlier steps, one matrix for each name of its `slots`; zeros at first. */
  readonly slots: readonly Matrix[];
  /** Whether penalties apply: to weights, not to biases. */
  readonly penalised: boolean;
}

export interface Optimizer {
  /** Names of what is kept for every parameter from step to step. */
  readonly slots: readonly string[];
  /** Changes every parameter by its gradient, which is of a batch of `batchRows` samples. */
  step(backend: Backend, parameters: readonly Parameter[], batchRows: number): void;
}

/**
 * Plain stochastic gradient descent. The penalties l1 sum|w| and l2 / 2 sum w^2 are of the whole loss, so a batch's mean
 * gradient takes its share of them: (l1 sign(w) + l2 w) / batchRows.
 */
export class Sgd implements Optimizer {
  /** What updates were too small to change in the value. */
  readonly slots = ["residual"];

  constructor(readonly learningRate: number, readonly l1 = 0, readonly l2 = 0) {}

  step(backend: Backend, parameters: readonly Parameter[], batchRows: number): void {
    for (const { value, slots: [residual], gradient, penalised } of parameters) {
      const share = penalised ? 1 / batchRows : 0;
      backend.sgd(value, residual, gradient, this.learningRate, this.l1 * share, this.l2 * share);
    }
  }
}
