/** Adam and, with decoupled weight decay, AdamW, as PyTorch has them. */
import type { OptimizerDefinition } from "./definition.ts";

export interface AdamOptions {
  /** What of the mean gradient, and of the mean squared gradient, is left after a step. */
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
  /** What of a weight a step takes away, apart from its gradient, in learning rates. */
  readonly weightDecay: number;
}

export const adamw: OptimizerDefinition<"adam", AdamOptions> = {
  rule: "adam",
  options: ["beta1", "beta2", "epsilon", "weightDecay"],
  numbers({ beta1, beta2, epsilon, weightDecay, l1, l2 }, { number, learningRate }, share) {
    return {
      // The averages began with zeros: after t steps they hold 1 - beta^t of what they should.
      stepSize: learningRate / (1 - beta1 ** (number + 1)),
      correction: 1 / Math.sqrt(1 - beta2 ** (number + 1)),
      rate1: 1 - beta1,
      rate2: 1 - beta2,
      epsilon,
      decay: share > 0 ? learningRate * weightDecay : 0,
      l1: l1 * share,
      l2: l2 * share,
    };
  },
};

/** Its penalty is l2, in the gradient; the decay that is not is AdamW's. */
export const adam: OptimizerDefinition<"adam", AdamOptions> = {
  rule: "adam",
  options: ["beta1", "beta2", "epsilon"],
  numbers: (options, step, share) => adamw.numbers({ ...options, weightDecay: 0 }, step, share),
};
