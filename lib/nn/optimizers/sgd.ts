/** Plain stochastic gradient descent. */
import type { Backend } from "../../backend.ts";
import {
  type Optimizer,
  type Parameter,
  type Penalties,
  penaltyShare,
  type UpdateStep,
} from "../optimizers.ts";

export class Sgd implements Optimizer {
  /** What updates were too small to change in the value. */
  readonly slots = ["residual"];
  readonly #l1: number;
  readonly #l2: number;

  constructor({ l1, l2 }: Penalties) {
    this.#l1 = l1;
    this.#l2 = l2;
  }

  step(backend: Backend, parameters: readonly Parameter[], step: UpdateStep): void {
    const { learningRate, scale } = step;
    for (const parameter of parameters) {
      const { value, slots: [residual], gradient } = parameter;
      const share = penaltyShare(parameter, step);
      backend.sgd(
        value,
        residual,
        gradient,
        learningRate,
        this.#l1 * share,
        this.#l2 * share,
        scale,
      );
    }
  }
}
