// y = 1 / (1 + e^-x) and its gradient. Computed from e^-|x|, which cannot overflow: relative error at most 1.8e-7 over
// all of float32 where the result is a normal number; at most one unit of the last place (1.4e-45) below.
import { exp, expCalled } from "./math/exp";
import { loadLanes, storeLanes } from "./simd";

// @ts-ignore: decorator
@inline
function negative(x: v128): v128 {
  return f32x4.neg(f32x4.abs(x));
}

/** @param e e^-|x| */
// @ts-ignore: decorator
@inline
function forward(x: v128, e: v128): v128 {
  const one = f32x4.splat(1);
  const numerator = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, e));
}

// @ts-ignore: decorator
@inline
function backward(dy: v128, y: v128): v128 {
  return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
}

/** Elements `begin` to `end` of y = sigmoid(x). y may be x. */
export function sigmoidForward(y: usize, x: usize, begin: i32, end: i32): void {
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    const v = v128.load(x + at);
    v128.store(y + at, forward(v, exp(negative(v))));
  }
  if (i < end) {
    const at = <usize>i << 2;
    const v = loadLanes(x + at, end - i);
    storeLanes(y + at, forward(v, expCalled(negative(v))), end - i);
  }
}

/** Elements `begin` to `end` of dx = dy * y * (1 - y), with y = sigmoid(x). dx may be dy. */
export function sigmoidBackward(dx: usize, dy: usize, y: usize, begin: i32, end: i32): void {
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    v128.store(dx + at, backward(v128.load(dy + at), v128.load(y + at)));
  }
  if (i < end) {
    const at = <usize>i << 2;
    storeLanes(dx + at, backward(loadLanes(dy + at, end - i), loadLanes(y + at, end - i)), end - i);
  }
}
