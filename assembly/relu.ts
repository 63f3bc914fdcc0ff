// y = max(x, 0) and its gradient. A NaN stays one, so that a run that diverges is seen to.
import { loadLanes, storeLanes } from "./simd";

// @ts-ignore: decorator
@inline
function forward(x: v128): v128 {
  // With x first, pmax lets NaN through.
  return f32x4.pmax(x, f32x4.splat(0));
}

// @ts-ignore: decorator
@inline
function backward(dy: v128, y: v128): v128 {
  return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
}

/** Elements `begin` to `end` of y = relu(x). y may be x. */
export function reluForward(y: usize, x: usize, begin: i32, end: i32): void {
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

/** Elements `begin` to `end` of dx = dy where y > 0, else 0, with y = relu(x). dx may be dy. */
export function reluBackward(dx: usize, dy: usize, y: usize, begin: i32, end: i32): void {
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
