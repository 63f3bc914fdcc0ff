// y = tanh(x) and its gradient.
import { tanh as tanh4 } from "./math/tanh";
import { loadUpTo, storeUpTo } from "./simd";

// @ts-ignore: decorator
@inline
function forward(x: v128): v128 {
  return tanh4(x);
}

// @ts-ignore: decorator
@inline
function backward(dy: v128, y: v128): v128 {
  return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
}

/** Elements `begin` to `end` of y = tanh(x). y may be x. */
export function tanhForward(y: usize, x: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = <usize>i << 2;
    const count = min(end - i, 4);
    storeUpTo(y + at, forward(loadUpTo(x + at, count)), count);
  }
}

/** Elements `begin` to `end` of dx = dy * (1 - y^2), with y = tanh(x). dx may be dy. */
export function tanhBackward(dx: usize, dy: usize, y: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = <usize>i << 2;
    const count = min(end - i, 4);
    storeUpTo(dx + at, backward(loadUpTo(dy + at, count), loadUpTo(y + at, count)), count);
  }
}
