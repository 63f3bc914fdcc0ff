/** RMSProp, as PyTorch has it: not centred, without momentum. */
import type { Backend } from "../../backend.ts";
import {
  type Optimizer,
  type Parameter,
  type Penalties,
  penaltyShare,
  type UpdateStep,
} from "../optimizers.ts";

export interface RmspropOptions {
  /** What of the mean squared gradient is left after a step. */
  readonly alpha: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
}

export class Rmsprop implements Optimizer {
  /** Mean of the gradient's square. */
  readonly slots = ["square"];

  constructor(readonly options: RmspropOptions & Penalties) {}

  step(backend: Backend, parameters: readonly Parameter[], step: UpdateStep): void {
    const { alpha, epsilon, l1, l2 } = this.options;
    const { learningRate, scale } = step;
    for (const parameter of parameters) {
      const { value, slots: [square], gradient } = parameter;
      const share = penaltyShare(parameter, step);
      const numbers = { learningRate, rate: 1 - alpha, epsilon, l1: l1 * share, l2: l2 * share };
      backend.rmsprop(value, square, gradient, numbers, scale);
    }
  }
}
