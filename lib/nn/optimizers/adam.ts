/** Adam and, with decoupled weight decay, AdamW, as PyTorch has them. */
import type { Backend } from "../../backend.ts";
import {
  type Optimizer,
  type Parameter,
  type Penalties,
  penaltyShare,
  type UpdateStep,
} from "../optimizers.ts";

export interface AdamOptions {
  /** What of the mean gradient, and of the mean squared gradient, is left after a step. */
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
  /** What of a weight a step takes away, apart from its gradient, in learning rates. */
  readonly weightDecay: number;
}

export class Adam implements Optimizer {
  /** Means of the gradient and of its square. */
  readonly slots = ["mean", "square"];

  constructor(readonly options: AdamOptions & Penalties) {}

  step(backend: Backend, parameters: readonly Parameter[], step: UpdateStep): void {
    const { beta1, beta2, epsilon, weightDecay, l1, l2 } = this.options;
    const { number, learningRate, scale } = step;
    // The averages began with zeros: after t steps they hold 1 - beta^t of what they should.
    const stepSize = learningRate / (1 - beta1 ** (number + 1));
    const correction = 1 / Math.sqrt(1 - beta2 ** (number + 1));
    for (const parameter of parameters) {
      const { value, slots: [mean, square], gradient, penalised } = parameter;
      const share = penaltyShare(parameter, step);
      const numbers = {
        stepSize,
        correction,
        rate1: 1 - beta1,
        rate2: 1 - beta2,
        epsilon,
        decay: penalised ? learningRate * weightDecay : 0,
        l1: l1 * share,
        l2: l2 * share,
      };
      backend.adam(value, mean, square, gradient, numbers, scale);
    }
  }
}
