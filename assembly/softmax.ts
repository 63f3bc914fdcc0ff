// p[i, :] = e^(z[i, :] - max z[i, :]) / their sum. With the maximum subtracted no exponential exceeds 1, so nothing
// overflows however large the logits are.
import { exp, expCalled } from "./math/exp";
import { loadLanes, maxLanes, storeLanes, sumLanes } from "./simd";

/** The largest of a row's `outputs` logits at z; NaN if one of them is. */
// @ts-ignore: decorator
@inline
export function rowMaximum(z: usize, outputs: i32): f32 {
  const rest = outputs & 3;
  const vectors = <usize>(outputs & ~3) << 2;
  let maximum: f32 = -Infinity;
  if (vectors) {
    let largest = v128.load(z);
    for (let j: usize = 16; j < vectors; j += 16) largest = f32x4.max(largest, v128.load(z + j));
    maximum = maxLanes(largest);
  }
  for (let j = 0; j < rest; j++) maximum = max(maximum, load<f32>(z + vectors + (<usize>j << 2)));
  return maximum;
}

/** Writes e^(z - maximum) of a row to p (which may be z) and returns their sum, four partial sums first. */
// @ts-ignore: decorator
@inline
export function rowExponentials(p: usize, z: usize, outputs: i32, maximum: f32): f32 {
  const rest = outputs & 3;
  const vectors = <usize>(outputs & ~3) << 2;
  const shift = f32x4.splat(maximum);
  let sums = f32x4.splat(0);
  for (let j: usize = 0; j < vectors; j += 16) {
    const e = exp(f32x4.sub(v128.load(z + j), shift));
    v128.store(p + j, e);
    sums = f32x4.add(sums, e);
  }
  let sum: f32 = vectors ? sumLanes(sums) : 0;
  if (rest) {
    storeLanes(p + vectors, expCalled(f32x4.sub(loadLanes(z + vectors, rest), shift)), rest);
    for (let j = 0; j < rest; j++) sum += load<f32>(p + vectors + (<usize>j << 2));
  }
  return sum;
}

/** Multiplies a row of `outputs` float32 at p by `factor`. */
// @ts-ignore: decorator
@inline
export function rowScale(p: usize, outputs: i32, factor: f32): void {
  const rest = outputs & 3;
  const vectors = <usize>(outputs & ~3) << 2;
  const factors = f32x4.splat(factor);
  for (let j: usize = 0; j < vectors; j += 16) v128.store(p + j, f32x4.mul(v128.load(p + j), factors));
  for (let j = 0; j < rest; j++) {
    const at = p + vectors + (<usize>j << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}

/** p and z: B x O float32, rows `begin` to `end`. p may be z. */
export function softmax(p: usize, z: usize, outputs: i32, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) {
    const row = (<usize>i * outputs) << 2;
    const sum = rowExponentials(p + row, z + row, outputs, rowMaximum(z + row, outputs));
    rowScale(p + row, outputs, 1 / sum);
  }
}
