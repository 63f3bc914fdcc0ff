/** How gradients change parameters. */
import type { Backend, Matrix } from "../backend.ts";

/** A tensor that is trained, with the gradient of the batch's mean loss. */
export interface Parameter {
  readonly value: Matrix;
  /** What updates were too small to change in `value`; starts as zeros. */
  readonly residual: Matrix;
  readonly gradient: Matrix;
  /** Whether penalties apply: to weights, not to biases. */
  readonly penalised: boolean;
}

export interface Optimizer {
  /** Changes every parameter by its gradient, which is of a batch of `batchRows` samples. */
  step(backend: Backend, parameters: readonly Parameter[], batchRows: number): void;
}

/**
 * Plain stochastic gradient descent. The penalties l1 sum|w| and l2 / 2 sum w^2 are of the whole loss, so a batch's mean
 * gradient takes its share of them: (l1 sign(w) + l2 w) / batchRows.
 */
export class Sgd implements Optimizer {
  constructor(readonly learningRate: number, readonly l1 = 0, readonly l2 = 0) {}

  step(backend: Backend, parameters: readonly Parameter[], batchRows: number): void {
    for (const { value, residual, gradient, penalised } of parameters) {
      const share = penalised ? 1 / batchRows : 0;
      backend.sgd(value, residual, gradient, this.learningRate, this.l1 * share, this.l2 * share);
    }
  }
}
