/** The optimizers, by name. */
import type { UpdateRule } from "../../backend/updates.ts";
import type { Optimizer, Penalties } from "../optimizers.ts";
import { adam, type AdamOptions, adamw } from "./adam.ts";
import { DefinedOptimizer, type OptimizerDefinition } from "./definition.ts";
import { momentum, type MomentumOptions } from "./momentum.ts";
import { rmsprop, type RmspropOptions } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";

const DEFINITIONS = { sgd, momentum, adam, adamw, rmsprop };

export type OptimizerName = keyof typeof DEFINITIONS;
export const OPTIMIZERS = Object.keys(DEFINITIONS) as readonly OptimizerName[];

/** The options of all optimizers. */
export interface OptimizerOptions extends MomentumOptions, AdamOptions, RmspropOptions {}

/** What an optimizer is made of; each takes what is its own. */
export interface OptimizerConfig extends Penalties, OptimizerOptions {
  readonly optimizer: OptimizerName;
}

function definitionOf(name: OptimizerName): OptimizerDefinition<UpdateRule, OptimizerOptions> {
  return DEFINITIONS[name] as OptimizerDefinition<UpdateRule, OptimizerOptions>;
}

/** The optimizers in which an option has an effect. */
export function optimizersWith(option: keyof OptimizerOptions): readonly OptimizerName[] {
  return OPTIMIZERS.filter((name) => definitionOf(name).options.includes(option));
}

/** The optimizer that `config` names. */
export function createOptimizer(config: OptimizerConfig): Optimizer {
  return new DefinedOptimizer(definitionOf(config.optimizer), config);
}
