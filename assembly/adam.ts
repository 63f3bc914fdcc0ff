// One step of Adam (Kingma and Ba, 2015) or, where decay is not 0, of AdamW (Loshchilov and Hutter, 2019),
//
//   gradient = dw + l1 * sign(w) + l2 * w
//   mean    += rate1 * (gradient - mean)                          rate1 = 1 - beta1
//   square  += rate2 * (gradient^2 - square)                      rate2 = 1 - beta2
//   w       -= decay * w + stepSize * mean / (sqrt(square) * correction + epsilon)
//
// The host computes 1 - beta and the corrections for the zeros that mean and square begin with, in float64. As differences
// the averages settle on what they average, whatever the rounding of a beta: the float32 next to 0.999 is 1.3e-8 off, and
// beside a rate2 of 0.001 that is 1.3e-5. w needs no residual, as it does in sgd.ts: a step is about stepSize, however small
// the gradients are.
import { penalized, scaleAt } from "./penalized";
import { loadUpTo, madd, storeUpTo } from "./simd";

// @ts-ignore: decorator
@inline
function step(
  w: usize,
  mean: usize,
  square: usize,
  dw: usize,
  scale: v128,
  stepSize: v128,
  correction: v128,
  rate1: v128,
  rate2: v128,
  epsilon: v128,
  decay: v128,
  l1: v128,
  l2: v128,
  count: i32,
): void {
  const old = loadUpTo(w, count);
  const gradient = penalized(old, loadUpTo(dw, count), scale, l1, l2);
  const oldMean = loadUpTo(mean, count);
  const oldSquare = loadUpTo(square, count);
  const newMean = madd(rate1, f32x4.sub(gradient, oldMean), oldMean);
  // The square is rounded before the difference: fused with it, an average could go below zero.
  const newSquare = madd(rate2, f32x4.sub(f32x4.mul(gradient, gradient), oldSquare), oldSquare);
  storeUpTo(mean, newMean, count);
  storeUpTo(square, newSquare, count);
  const size = madd(f32x4.sqrt(newSquare), correction, epsilon);
  const move = f32x4.div(f32x4.mul(stepSize, newMean), size);
  storeUpTo(w, f32x4.sub(old, madd(decay, old, move)), count);
}

/**
 * Elements `begin` to `end` of w, mean and square, which are all read and written. scale: one float32 that dw is multiplied
 * by, or 0 for none.
 */
export function adam(
  w: usize,
  mean: usize,
  square: usize,
  dw: usize,
  scale: usize,
  stepSize: f32,
  correction: f32,
  rate1: f32,
  rate2: f32,
  epsilon: f32,
  decay: f32,
  l1: f32,
  l2: f32,
  begin: i32,
  end: i32,
): void {
  const scales = scaleAt(scale);
  const sizes = f32x4.splat(stepSize);
  const corrections = f32x4.splat(correction);
  const rates1 = f32x4.splat(rate1);
  const rates2 = f32x4.splat(rate2);
  const epsilons = f32x4.splat(epsilon);
  const decays = f32x4.splat(decay);
  const l1s = f32x4.splat(l1);
  const l2s = f32x4.splat(l2);
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    step(
      w + at, mean + at, square + at, dw + at, scales,
      sizes, corrections, rates1, rates2, epsilons, decays, l1s, l2s, 4,
    );
  }
  if (i < end) {
    const at = <usize>i << 2;
    step(
      w + at, mean + at, square + at, dw + at, scales,
      sizes, corrections, rates1, rates2, epsilons, decays, l1s, l2s, end - i,
    );
  }
}
