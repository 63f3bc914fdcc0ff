// y = x where x > 0, else 0.01 x, and its gradient. A NaN stays one.
import { loadUpTo, storeUpTo } from "./simd";

/** What a value that is not positive is multiplied by. */
const SLOPE: f32 = 0.01;

// @ts-ignore: decorator
@inline
function forward(x: v128): v128 {
  return v128.bitselect(x, f32x4.mul(x, f32x4.splat(SLOPE)), f32x4.gt(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function backward(dy: v128, y: v128): v128 {
  return v128.bitselect(dy, f32x4.mul(dy, f32x4.splat(SLOPE)), f32x4.gt(y, f32x4.splat(0)));
}

/** Elements `begin` to `end` of y = leakyRelu(x). y may be x. */
export function leakyReluForward(y: usize, x: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = <usize>i << 2;
    const count = min(end - i, 4);
    storeUpTo(y + at, forward(loadUpTo(x + at, count)), count);
  }
}

/** Elements `begin` to `end` of dx = dy where y > 0, else 0.01 dy, with y = leakyRelu(x). dx may be dy. */
export function leakyReluBackward(dx: usize, dy: usize, y: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = <usize>i << 2;
    const count = min(end - i, 4);
    storeUpTo(dx + at, backward(loadUpTo(dy + at, count), loadUpTo(y + at, count)), count);
  }
}
