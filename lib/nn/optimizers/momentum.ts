/** Stochastic gradient descent with momentum, as PyTorch's SGD has it, on request Nesterov's. */
import type { OptimizerDefinition } from "./definition.ts";

export interface MomentumOptions {
  /** What of the velocity is left after a step. */
  readonly momentum: number;
  /** Whether a step looks ahead, to where the velocity leads. */
  readonly nesterov: boolean;
}

export const momentum: OptimizerDefinition<"momentum", MomentumOptions> = {
  rule: "momentum",
  options: ["momentum", "nesterov"],
  numbers: ({ momentum, nesterov, l1, l2 }, { learningRate }, share) => ({
    learningRate,
    momentum,
    nesterov,
    l1: l1 * share,
    l2: l2 * share,
  }),
};
