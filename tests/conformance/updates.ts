/**
 * The updates of tensors that average gradients, for the conformance cases: how each is called, and by how much a float32
 * kernel may miss it. Sizes of roundings are added up in the first order, in units of U (see tolerance.ts).
 */
import type { Backend, Matrix, UpdateNumbers } from "../../lib/backend/mod.ts";
import { type Bound, SUBNORMAL, U } from "./tolerance.ts";

/** A batch's share of the penalties l1 sum|w| + l2 / 2 sum w^2. */
type PenaltyShares = Pick<UpdateNumbers<"sgd">, "l1" | "l2">;

/** What an update starts from. */
export interface Start {
  readonly w: ArrayLike<number>;
  /** What is kept of the tensor, in the order of the kernel's parameters. */
  readonly slots: readonly ArrayLike<number>[];
  readonly dw: ArrayLike<number>;
  /** What the gradient is multiplied by; a float32. */
  readonly scale: number | null;
}

/** An update with its numbers. */
export interface Update {
  readonly name: string;
  readonly slots: number;
  /** Slots that are squares, and cannot be negative. */
  readonly squares: readonly number[];
  call(
    backend: Backend,
    w: Matrix,
    slots: readonly Matrix[],
    dw: Matrix,
    scale: Matrix | null,
  ): void;
  /** For w and each slot. */
  bounds(start: Start): Bound[];
}

/** Roundings of a gradient: of l1, l2 and the scale's product, two products of penalties and two sums. */
const GRADIENT = 7 * U;

/**
 * Of a root: WGSL takes it for 1 / inverseSqrt, each part with its own 2 and 2.5 units of the last place, which are 2 U
 * each. Of a quotient: 2.5 units.
 */
const ROOT = 9 * U;
const QUOTIENT = 5 * U;

/** Sum of absolute values of a gradient's terms. */
function magnitude({ w, dw, scale }: Start, { l1, l2 }: PenaltyShares, i: number): number {
  return Math.abs((scale ?? 1) * dw[i]) + l1 + l2 * Math.abs(w[i]);
}

function gradient({ w, dw, scale }: Start, { l1, l2 }: PenaltyShares, i: number): number {
  return (scale ?? 1) * dw[i] + l1 * Math.sign(w[i]) + l2 * w[i];
}

/** Of average += rate (value - average), whose value is off by `error`: difference, rate, product and sum. */
function averageError(rate: number, average: number, size: number, error: number): number {
  return rate * (error + 3 * U * (Math.abs(average) + size)) + 2 * U * (Math.abs(average) + size);
}

/** The mean square after the step, its error, and the relative error of its root. */
function nextSquare(start: Start, step: PenaltyShares, rate: number, old: number, i: number) {
  const size = magnitude(start, step, i);
  const square = old + rate * (gradient(start, step, i) ** 2 - old);
  // The root of a square is off by half of what that is; the last of its roundings counts with its own size.
  const error = rate * ((2 * GRADIENT + U) * size ** 2 + 3 * U * (old + size ** 2)) +
    2 * U * square;
  return { square, error, root: error / square / 2 + ROOT };
}

export function momentum(step: UpdateNumbers<"momentum">): Update {
  const { learningRate, momentum, nesterov } = step;
  return {
    name: nesterov ? "momentum after Nesterov" : "momentum",
    slots: 2,
    squares: [],
    call: (backend, w, slots, dw, scale) => backend.update("momentum", w, slots, dw, step, scale),
    bounds: (start) => {
      const speed = (i: number) =>
        momentum * Math.abs(start.slots[0][i]) + magnitude(start, step, i);
      // The momentum, its product and the sum; twice after Nesterov; then as sgd: a rate, a product, a difference and two.
      const moved: Bound = (_, i) => {
        const direction = nesterov ? magnitude(start, step, i) + momentum * speed(i) : speed(i);
        const size = Math.abs(start.w[i]) + Math.abs(start.slots[1][i]) + learningRate * direction;
        return (GRADIENT + (nesterov ? 6 : 3) * U + 5 * U) * size;
      };
      return [moved, (_, i) => (GRADIENT + 4 * U) * speed(i), moved];
    },
  };
}

export function adam(step: UpdateNumbers<"adam">): Update {
  const { stepSize, correction, rate1, rate2, epsilon, decay } = step;
  return {
    name: "adam",
    slots: 2,
    squares: [1],
    call: (backend, w, slots, dw, scale) => backend.update("adam", w, slots, dw, step, scale),
    bounds: (start) => {
      const meanError = (i: number) => {
        const size = magnitude(start, step, i);
        return averageError(rate1, start.slots[0][i], size, GRADIENT * size);
      };
      const squareOf = (i: number) => nextSquare(start, step, rate2, start.slots[1][i], i);
      return [
        (_, i) => {
          const [old, mean] = [start.w[i], start.slots[0][i]];
          const { square, root } = squareOf(i);
          const size = Math.sqrt(square) * correction + epsilon;
          const newMean = mean + rate1 * (gradient(start, step, i) - mean);
          const move = stepSize * Math.abs(newMean) / size;
          // The divisor: correction, product, epsilon, sum. The quotient: step size, product, and itself.
          return stepSize * meanError(i) / size + move * (root + 4 * U + 2 * U + QUOTIENT) +
            3 * U * (decay * Math.abs(old) + move) + 2 * U * Math.abs(old) + SUBNORMAL;
        },
        (_, i) => meanError(i),
        (_, i) => squareOf(i).error + SUBNORMAL,
      ];
    },
  };
}

export function rmsprop(step: UpdateNumbers<"rmsprop">): Update {
  const { learningRate, rate, epsilon } = step;
  return {
    name: "rmsprop",
    slots: 1,
    squares: [0],
    call: (backend, w, slots, dw, scale) =>
      backend.update("rmsprop", w, slots.slice(0, 1), dw, step, scale),
    bounds: (start) => {
      const squareOf = (i: number) => nextSquare(start, step, rate, start.slots[0][i], i);
      return [
        (_, i) => {
          const { square, root } = squareOf(i);
          const size = Math.sqrt(square) + epsilon;
          const move = learningRate * Math.abs(gradient(start, step, i)) / size;
          const error = learningRate * GRADIENT * magnitude(start, step, i) / size;
          return error + move * (root + 2 * U + 2 * U + QUOTIENT) + U * move +
            2 * U * Math.abs(start.w[i]) + SUBNORMAL;
        },
        (_, i) => squareOf(i).error + SUBNORMAL,
      ];
    },
  };
}
