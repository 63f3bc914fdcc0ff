/** RMSProp, as PyTorch has it: not centered, without momentum. */
import type { OptimizerDefinition } from "./definition.ts";

export interface RmspropOptions {
  /** What of the mean squared gradient is left after a step. */
  readonly alpha: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
}

export const rmsprop: OptimizerDefinition<"rmsprop", RmspropOptions> = {
  rule: "rmsprop",
  options: ["alpha", "epsilon"],
  numbers: ({ alpha, epsilon, l1, l2 }, { learningRate }, share) => ({
    learningRate,
    rate: 1 - alpha,
    epsilon,
    l1: l1 * share,
    l2: l2 * share,
  }),
};
