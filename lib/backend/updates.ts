/**
 * Updates of a tensor by its gradient, as rows of the kernel table: see kernels.ts. In what follows
 *
 *     gradient = scale dw + l1 sign(w) + l2 w
 */
import { byElements, inOut, input, type Kernel, kernel, number } from "./arguments.ts";

interface UpdateRow {
  /** Matrices that are kept from step to step, by name, with what errors call them. Zeros at first; read and written. */
  readonly slots: Readonly<Record<string, string>>;
  /** Numbers and switches that all tensors of a step share, and numbers that are each tensor's own. */
  readonly shared: readonly string[];
  readonly flags: readonly string[];
  readonly own: readonly string[];
  /** Nanoseconds of an element: see Sharing. */
  readonly cost: number;
}

/** The update rules, a row each. */
export const UPDATES = {
  /** w -= learningRate gradient, compensated: what a step is too small to change in w stays in residual for the next. */
  sgd: {
    slots: { residual: "the residual" },
    shared: ["learningRate"],
    flags: [],
    own: ["l1", "l2"],
    cost: 0.4,
  },
  /**
   * velocity = momentum velocity + gradient, and then w -= learningRate velocity or, with nesterov,
   * w -= learningRate (gradient + momentum velocity), compensated as in `sgd`.
   */
  momentum: {
    slots: { velocity: "the velocity", residual: "the residual" },
    shared: ["learningRate", "momentum"],
    flags: ["nesterov"],
    own: ["l1", "l2"],
    cost: 0.5,
  },
  /**
   * mean += rate1 (gradient - mean); square += rate2 (gradient^2 - square);
   * w -= decay w + stepSize mean / (sqrt(square) correction + epsilon).
   *
   * stepSize is the learning rate, corrected for the zeros that the mean began with; correction, what the root of `square` is
   * multiplied by for the same reason. rate1 and rate2 are 1 - beta1 and 1 - beta2, from float64: a beta next to 1 has lost
   * digits in float32.
   */
  adam: {
    slots: { mean: "the mean", square: "the mean square" },
    shared: ["stepSize", "correction", "rate1", "rate2", "epsilon"],
    flags: [],
    own: ["decay", "l1", "l2"],
    cost: 0.7,
  },
  /** square += rate (gradient^2 - square); w -= learningRate gradient / (sqrt(square) + epsilon). rate: 1 - alpha. */
  rmsprop: {
    slots: { square: "the mean square" },
    shared: ["learningRate", "rate", "epsilon"],
    flags: [],
    own: ["l1", "l2"],
    cost: 0.6,
  },
} as const satisfies Readonly<Record<string, UpdateRow>>;

/** The name of an update rule. */
export type UpdateRule = keyof typeof UPDATES;
export const UPDATE_RULES: readonly UpdateRule[] = Object.keys(UPDATES) as UpdateRule[];

/** The numbers of an update; they are read during the call only. */
export type UpdateNumbers<Rule extends UpdateRule> =
  & Readonly<Record<(typeof UPDATES)[Rule]["shared" | "own"][number], number>>
  & Readonly<Record<(typeof UPDATES)[Rule]["flags"][number], boolean>>;

/** Names of the numbers that all tensors of a step share, switches among them. */
export function sharedNumbersOf(rule: UpdateRule): readonly string[] {
  const { shared, flags } = UPDATES[rule];
  return [...shared, ...flags];
}

/** Names of an update's numbers, the shared ones first. */
export function numbersOf(rule: UpdateRule): readonly string[] {
  return [...sharedNumbersOf(rule), ...UPDATES[rule].own];
}

export function updateKernel(rule: UpdateRule): Kernel {
  return kernel("update weights", [
    inOut("w", "the weight", "=R", "=C"),
    ...Object.entries(UPDATES[rule].slots).map(([name, label]) => inOut(name, label, "R", "C")),
    input("dw", "the gradient", "R", "C"),
    input("scale", "the scale", 1, 1, { optional: true }),
    ...numbersOf(rule).map((name) => number(name)),
  ], byElements("w", UPDATES[rule].cost));
}
