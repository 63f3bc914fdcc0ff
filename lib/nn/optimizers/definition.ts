/** An optimizer as a definition: the update of lib/backend/updates.ts that it makes, with which numbers. */
import type { Backend } from "../../backend/backend.ts";
import { type UpdateNumbers, type UpdateRule, UPDATES } from "../../backend/updates.ts";
import type { Optimizer, Parameter, Penalties, UpdateStep } from "../optimizers.ts";

export interface OptimizerDefinition<Rule extends UpdateRule, Options> {
  readonly rule: Rule;
  /** The options that have an effect. */
  readonly options: readonly (keyof Options & string)[];
  /**
   * The numbers of a step's updates.
   *
   * @param share of the penalties: 1 / batchRows, or 0 for biases, of which there is no weight decay either
   */
  readonly numbers: (
    options: Options & Penalties,
    step: UpdateStep,
    share: number,
  ) => UpdateNumbers<Rule>;
}

/** The optimizer that `definition` describes. */
export class DefinedOptimizer<Rule extends UpdateRule, Options> implements Optimizer {
  readonly slots: readonly string[];

  constructor(
    readonly definition: OptimizerDefinition<Rule, Options>,
    readonly options: Options & Penalties,
  ) {
    this.slots = Object.keys(UPDATES[definition.rule].slots);
  }

  step(backend: Backend, parameters: readonly Parameter[], step: UpdateStep): void {
    const { definition: { rule, numbers }, options } = this;
    const ofWeights = numbers(options, step, 1 / step.batchRows);
    const ofBiases = numbers(options, step, 0);
    for (const { value, slots, gradient, penalized } of parameters) {
      backend.update(rule, value, slots, gradient, penalized ? ofWeights : ofBiases, step.scale);
    }
  }
}
