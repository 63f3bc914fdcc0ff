/** The optimizers, by name. */
import type { Optimizer, Penalties } from "../optimizers.ts";
import { Adam, type AdamOptions } from "./adam.ts";
import { Momentum, type MomentumOptions } from "./momentum.ts";
import { Rmsprop, type RmspropOptions } from "./rmsprop.ts";
import { Sgd } from "./sgd.ts";

export const OPTIMIZERS = ["sgd", "momentum", "adam", "adamw", "rmsprop"] as const;
export type OptimizerName = typeof OPTIMIZERS[number];

/** What an optimizer is made of; each takes what is its own. */
export interface OptimizerConfig extends Penalties, MomentumOptions, AdamOptions, RmspropOptions {
  readonly optimizer: OptimizerName;
}

/** The optimizer that `config` names. */
export function createOptimizer(config: OptimizerConfig): Optimizer {
  switch (config.optimizer) {
    case "sgd":
      return new Sgd(config);
    case "momentum":
      return new Momentum(config);
    case "adam":
      // Its penalty is l2, in the gradient; the decay that is not is AdamW's.
      return new Adam({ ...config, weightDecay: 0 });
    case "adamw":
      return new Adam(config);
    case "rmsprop":
      return new Rmsprop(config);
  }
}
