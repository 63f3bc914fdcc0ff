/** An optimizer as a definition: the update of lib/backend/updates.ts that it makes, with which numbers. */
import type { Backend } from "../../backend/backend.ts";
import { type UpdateNumbers, type UpdateRule, UPDATES } from "../../backend/updates.ts";
import type { Optimizer, Parameter, Penalties, UpdateStep } from "../optimizers.ts";

export interface OptimizerDefinition<Rule extends UpdateRule, Options> {
  readonly rule: Rule;
  /** The options that have an effect. */
  readonly options: readonly (keyof Options & string)[];
  /**
   * The numbers of a step's updates, but for the penalties.
   *
   * @param penalized whether weight decay applies
   */
  numbers(
    options: Options,
    step: UpdateStep,
    penalized: boolean,
  ): Omit<UpdateNumbers<Rule>, "l1" | "l2">;
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
    const { rule } = this.definition;
    const [ofWeights, ofBiases] = [this.#numbers(step, true), this.#numbers(step, false)];
    for (const { value, slots, gradient, penalised } of parameters) {
      backend.update(rule, value, slots, gradient, penalised ? ofWeights : ofBiases, step.scale);
    }
  }

  #numbers(step: UpdateStep, penalized: boolean): UpdateNumbers<Rule> {
    const { l1, l2 } = this.options;
    const share = penalized ? 1 / step.batchRows : 0;
    const numbers = this.definition.numbers(this.options, step, penalized);
    return { ...numbers, l1: l1 * share, l2: l2 * share } as unknown as UpdateNumbers<Rule>;
  }
}
