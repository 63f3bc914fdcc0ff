// y = tanh(x) and its gradient.
import { tanh as tanh4 } from "./math/tanh";
import { loadLanes, storeLanes } from "./simd";

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
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    v128.store(y + at, forward(v128.load(x + at)));
  }
  if (i < end) {
    const at = <usize>i << 2;
    storeLanes(y + at, forward(loadLanes(x + at, end - i)), end - i);
  }
}

/** Elements `begin` to `end` of dx = dy * (1 - y^2), with y = tanh(x). dx may be dy. */
export function tanhBackward(dx: usize, dy: usize, y: usize, begin: i32, end: i32): void {
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
