/** Plain stochastic gradient descent. */
import type { OptimizerDefinition } from "./definition.ts";

export const sgd: OptimizerDefinition<"sgd", unknown> = {
  rule: "sgd",
  options: [],
  numbers: (_, { learningRate }) => ({ learningRate }),
};
