/** Stochastic gradient descent with momentum, as PyTorch's SGD has it, on request Nesterov's. */
import type { Backend } from "../../backend.ts";
import {
  type Optimizer,
  type Parameter,
  type Penalties,
  penaltyShare,
  type UpdateStep,
} from "../optimizers.ts";

export interface MomentumOptions {
  /** What of the velocity is left after a step. */
  readonly momentum: number;
  /** Whether a step looks ahead, to where the velocity leads. */
  readonly nesterov: boolean;
}

export class Momentum implements Optimizer {
  /** The velocity, and what updates were too small to change in the value. */
  readonly slots = ["velocity", "residual"];

  constructor(readonly options: MomentumOptions & Penalties) {}

  step(backend: Backend, parameters: readonly Parameter[], step: UpdateStep): void {
    const { momentum, nesterov, l1, l2 } = this.options;
    const { learningRate, scale } = step;
    for (const parameter of parameters) {
      const { value, slots: [velocity, residual], gradient } = parameter;
      const share = penaltyShare(parameter, step);
      const numbers = { learningRate, momentum, nesterov, l1: l1 * share, l2: l2 * share };
      backend.momentum(value, velocity, residual, gradient, numbers, scale);
    }
  }
}
