/** Plain stochastic gradient descent. */
import type { OptimizerDefinition } from "./definition.ts";

export const sgd: OptimizerDefinition<"sgd", unknown> = {
  rule: "sgd",
  options: [],
  numbers: ({ l1, l2 }, { learningRate }, share) => ({
    learningRate,
    l1: l1 * share,
    l2: l2 * share,
  }),
};
