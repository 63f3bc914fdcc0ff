// One step of RMSProp (Tieleman and Hinton, 2012), in the form of PyTorch's,
//
//   gradient = dw + l1 * sign(w) + l2 * w
//   square  += rate * (gradient^2 - square)                       rate = 1 - alpha
//   w       -= learningRate * gradient / (sqrt(square) + epsilon)
//
// with the average as a difference, and no residual, for the reasons in adam.ts.
import { penalized, scaleAt } from "./penalized";
import { loadUpTo, madd, storeUpTo } from "./simd";

// @ts-ignore: decorator
@inline
function step(
  w: usize,
  square: usize,
  dw: usize,
  scale: v128,
  learningRate: v128,
  rate: v128,
  epsilon: v128,
  l1: v128,
  l2: v128,
  count: i32,
): void {
  const old = loadUpTo(w, count);
  const gradient = penalized(old, loadUpTo(dw, count), scale, l1, l2);
  const oldSquare = loadUpTo(square, count);
  const newSquare = madd(rate, f32x4.sub(f32x4.mul(gradient, gradient), oldSquare), oldSquare);
  storeUpTo(square, newSquare, count);
  const size = f32x4.add(f32x4.sqrt(newSquare), epsilon);
  storeUpTo(w, f32x4.sub(old, f32x4.div(f32x4.mul(learningRate, gradient), size)), count);
}

/**
 * Elements `begin` to `end` of w and square, which are both read and written. scale: one float32 that dw is multiplied by,
 * or 0 for none.
 */
export function rmsprop(
  w: usize,
  square: usize,
  dw: usize,
  scale: usize,
  learningRate: f32,
  rate: f32,
  epsilon: f32,
  l1: f32,
  l2: f32,
  begin: i32,
  end: i32,
): void {
  const scales = scaleAt(scale);
  const learningRates = f32x4.splat(learningRate);
  const rates = f32x4.splat(rate);
  const epsilons = f32x4.splat(epsilon);
  const l1s = f32x4.splat(l1);
  const l2s = f32x4.splat(l2);
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    step(w + at, square + at, dw + at, scales, learningRates, rates, epsilons, l1s, l2s, 4);
  }
  if (i < end) {
    const at = <usize>i << 2;
    step(w + at, square + at, dw + at, scales, learningRates, rates, epsilons, l1s, l2s, end - i);
  }
}
