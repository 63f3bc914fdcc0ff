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
  numbers: ({ momentum, nesterov }, { learningRate }) => ({ learningRate, momentum, nesterov }),
};
