// y = x Phi(x), Phi the standard normal distribution function, and its gradient Phi(x) + x phi(x), phi its density
// (Hendrycks and Gimpel, 2016; the exact form, with erf, and not the approximation by tanh).
//
// Of the forward result the relative error is at most 9.5e-7 (15.8 units of 2^-24: math/normal_tail.ts's 11.03 and 2.7,
// and two products) where it is a normal number; below, the error is at most that of the smallest normal number and one unit
// of the last place, 1.3e-44. Below 0 the result comes from the tail itself, so that nothing cancels; the gradient cancels
// where it is zero, near -0.75, and its error is at most 9.5e-7 of Phi(x) + |x| phi(x).
import { NORMAL_END, normalExponential, normalRatio } from "./math/normal_tail";
import { loadUpTo, storeUpTo } from "./simd";

/** 1 / sqrt(2 pi). */
const DENSITY: f32 = 0.3989422804014327;

/** |x|, no larger than NORMAL_END; NaN of NaN. */
// @ts-ignore: decorator
@inline
function magnitude(x: v128): v128 {
  return f32x4.pmin(f32x4.abs(x), f32x4.splat(NORMAL_END));
}

// @ts-ignore: decorator
@inline
function forward(x: v128): v128 {
  const t = magnitude(x);
  const e = normalExponential(t);
  const ratio = normalRatio(t);
  const above = f32x4.mul(x, f32x4.sub(f32x4.splat(1), f32x4.mul(e, ratio)));
  // The exponential comes last: a product with it may be below the normal range.
  const below = f32x4.neg(f32x4.mul(e, f32x4.mul(t, ratio)));
  return v128.bitselect(below, above, f32x4.lt(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function backward(dy: v128, x: v128): v128 {
  const t = magnitude(x);
  const e = normalExponential(t);
  const tail = f32x4.mul(e, normalRatio(t));
  const isNegative = f32x4.lt(x, f32x4.splat(0));
  const phi = v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), isNegative);
  const slope = f32x4.mul(f32x4.mul(t, f32x4.splat(DENSITY)), e);
  return f32x4.mul(dy, f32x4.add(phi, v128.bitselect(f32x4.neg(slope), slope, isNegative)));
}

/** Elements `begin` to `end` of y = gelu(x). y may be x. */
export function geluForward(y: usize, x: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = <usize>i << 2;
    const count = min(end - i, 4);
    storeUpTo(y + at, forward(loadUpTo(x + at, count)), count);
  }
}

/** Elements `begin` to `end` of dx = dy * (Phi(x) + x phi(x)). dx may be dy. */
export function geluBackward(dx: usize, dy: usize, x: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = <usize>i << 2;
    const count = min(end - i, 4);
    storeUpTo(dx + at, backward(loadUpTo(dy + at, count), loadUpTo(x + at, count)), count);
  }
}
