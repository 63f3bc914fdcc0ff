// w -= learningRate * (dw + l1 * sign(w) + l2 * w): one step of stochastic gradient descent with L1 and L2 penalties.
import { loadLanes, storeLanes } from "./simd";

// @ts-ignore: decorator
@inline
function step(w: v128, dw: v128, rate: v128, l1: v128, l2: v128): v128 {
  // sign(w): the sign bit of w over 1, and 0 where w is 0.
  const sign = v128.and(
    v128.or(v128.and(w, f32x4.splat(-0.0)), f32x4.splat(1)),
    f32x4.ne(w, f32x4.splat(0)),
  );
  const gradient = f32x4.add(dw, f32x4.add(f32x4.mul(l1, sign), f32x4.mul(l2, w)));
  return f32x4.sub(w, f32x4.mul(rate, gradient));
}

/** Elements `begin` to `end` of w, which is read and written. */
export function sgd(w: usize, dw: usize, learningRate: f32, l1: f32, l2: f32, begin: i32, end: i32): void {
  const rates = f32x4.splat(learningRate);
  const l1s = f32x4.splat(l1);
  const l2s = f32x4.splat(l2);
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    v128.store(w + at, step(v128.load(w + at), v128.load(dw + at), rates, l1s, l2s));
  }
  if (i < end) {
    const at = <usize>i << 2;
    const count = end - i;
    storeLanes(w + at, step(loadLanes(w + at, count), loadLanes(dw + at, count), rates, l1s, l2s), count);
  }
}
