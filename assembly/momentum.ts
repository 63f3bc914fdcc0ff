// One step of stochastic gradient descent with momentum (Polyak, 1964), in the form of PyTorch's SGD,
//
//   gradient = dw + l1 * sign(w) + l2 * w
//   velocity = momentum * velocity + gradient
//   w       -= learningRate * velocity                            or, after Nesterov (Sutskever et al., 2013),
//   w       -= learningRate * (gradient + momentum * velocity)
//
// compensated as in sgd.ts, which it equals where momentum is 0.
import { penalized, scaleAt } from "./penalized";
import { loadUpTo, madd, storeUpTo } from "./simd";

// @ts-ignore: decorator
@inline
function step(
  w: usize,
  velocity: usize,
  residual: usize,
  dw: usize,
  scale: v128,
  rate: v128,
  momentum: v128,
  nesterov: bool,
  l1: v128,
  l2: v128,
  count: i32,
): void {
  const old = loadUpTo(w, count);
  const gradient = penalized(old, loadUpTo(dw, count), scale, l1, l2);
  const speed = madd(momentum, loadUpTo(velocity, count), gradient);
  storeUpTo(velocity, speed, count);
  const direction = nesterov ? madd(momentum, speed, gradient) : speed;
  const wanted = f32x4.sub(loadUpTo(residual, count), f32x4.mul(rate, direction));
  const moved = f32x4.add(old, wanted);
  storeUpTo(w, moved, count);
  storeUpTo(residual, f32x4.sub(wanted, f32x4.sub(moved, old)), count);
}

/**
 * Elements `begin` to `end` of w, velocity and residual, which are all read and written. scale: one float32 that dw is
 * multiplied by, or 0 for none.
 */
export function momentum(
  w: usize,
  velocity: usize,
  residual: usize,
  dw: usize,
  scale: usize,
  learningRate: f32,
  momentum: f32,
  nesterov: f32,
  l1: f32,
  l2: f32,
  begin: i32,
  end: i32,
): void {
  const scales = scaleAt(scale);
  const rates = f32x4.splat(learningRate);
  const momenta = f32x4.splat(momentum);
  const l1s = f32x4.splat(l1);
  const l2s = f32x4.splat(l2);
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    step(w + at, velocity + at, residual + at, dw + at, scales, rates, momenta, nesterov != 0, l1s, l2s, 4);
  }
  if (i < end) {
    const at = <usize>i << 2;
    step(w + at, velocity + at, residual + at, dw + at, scales, rates, momenta, nesterov != 0, l1s, l2s, end - i);
  }
}
