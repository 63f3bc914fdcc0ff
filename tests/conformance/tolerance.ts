/**
 * How far a float32 kernel may be from the reference: every bound is derived from the arithmetic,
 * none is tuned.
 *
 * One operation in float32 is off by at most U = 2^-24 of its result (the standard model of
 * rounding; Higham, "Accuracy and Stability of Numerical Algorithms", chapters 2 and 3). A chain of
 * n operations is off by n U in the first order; where a bound says n + 1 or n + 2, the rest covers
 * the higher orders and the rounding of the reference's own result. Fused multiply-add rounds less
 * often, so the bounds of the strict build hold for the relaxed one too.
 */

/** Unit roundoff of float32. */
export const U = 2 ** -24;

/** The spacing of float32 below its normal range, where an error is absolute. */
export const SUBNORMAL = 2 ** -149;

/** The smallest normal float32. */
export const SMALLEST_NORMAL = 2 ** -126;

/** Relative errors that the comments in assembly/math/, assembly/sigmoid.ts and assembly/gelu.ts promise. */
export const EXP = 1e-7;
export const LOG = 1e-7;
export const TANH = 1.5e-7;
export const SIGMOID = 1.8e-7;
export const GELU = 9.5e-7;

/** The largest loss of a row, -ln 1e-10. */
export const LARGEST_LOSS = -Math.log(1e-10);

/** The error allowed of element `index`, whose right value is `expected`. */
export type Bound = (expected: number, index: number) => number;

/** For what no rounding touches, or a single one that both sides make. */
export const exact: Bound = () => 0;

/** So much of the result; below the normal range, one unit. */
export function relative(error: number): Bound {
  return (expected) => error * Math.abs(expected) + SUBNORMAL;
}

/**
 * A sum of `terms` products or values, in any order.
 *
 * @param magnitudes for each element the same sum over absolute values
 */
export function sumBound(terms: number, magnitudes: ArrayLike<number>): Bound {
  return (_, i) => (terms + 2) * U * magnitudes[i];
}

/**
 * Relative error of a probability among `columns`: an exponential and the subtraction before it,
 * whose rounding the exponential magnifies by |z - max|; the sum of them, which has the same error
 * and its additions; a reciprocal and a product. A difference above 105 gives zero on both sides.
 */
function probabilityError(columns: number, spread: number): number {
  return 2 * (EXP + U * Math.min(spread, 105)) + (columns + 3) * U;
}

/** Softmax over `columns` whose logits are at most `spread` apart. */
export function softmaxBound(columns: number, spread: number): Bound {
  return relative(probabilityError(columns, spread));
}

/** (p - onehot) / rows: the error of p, and two more roundings of a value of at most 1. */
export function logitGradientBound(rows: number, columns: number, spread: number): Bound {
  return () => (probabilityError(columns, spread) + 4 * U) / rows;
}

/**
 * ln(sum) - margin: the relative error of the sum is an absolute one of its logarithm; in the sum
 * an exponential counts with its own size, and |z - max| e^(z - max) is at most 1/e. The margin and
 * the difference are rounded once each, and the margin is at most as large as the loss.
 */
export function lossBound(columns: number): Bound {
  const sum = EXP + 2 * columns * U;
  return (loss) => sum + LOG * Math.log(columns) + 3 * U * Math.abs(loss) + SUBNORMAL;
}
