// What gradients are multiplied by, so that their norm is at most maxNorm (Pascanu et al., 2013), as PyTorch's
// clip_grad_norm_ computes it,
//
//   scale = min(1, maxNorm / (norm + 1e-6)),    norm = sqrt(sum over i of sums[i])
//
// A norm that is not finite gives a scale that is no number: what has overflowed has no direction that a step could take,
// and training is seen to diverge.

/** scale: one float32; sums: elements `begin` to `end`, one a row of the gradients. For one thread alone. */
export function clipScale(scale: usize, sums: usize, maxNorm: f32, begin: i32, end: i32): void {
  let sum: f64 = 0;
  for (let i = begin; i < end; i++) sum += <f64>load<f32>(sums + (<usize>i << 2));
  const factor = min<f64>(1, <f64>maxNorm / (sqrt(sum) + 1e-6));
  store<f32>(scale, isFinite(sum) ? <f32>factor : NaN);
}
