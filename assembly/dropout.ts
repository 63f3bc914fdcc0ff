// y = x scale, or 0 for the elements that are dropped: those whose hash is below a threshold.
//
// The hash of element n is murmur3Mix(murmur3Mix(n ^ keyA) + keyB). Integers only, so that the same elements are dropped on
// every back end and by whichever thread, forward and backward, without a mask in memory.
import { murmur3Mix } from "./math/hashes";
import { loadUpTo, storeUpTo } from "./simd";

/** Elements `begin` to `end` (begin a multiple of 4), counted over the whole matrix. y may be x. */
export function dropout(
  y: usize,
  x: usize,
  rate: f64,
  keyA: i32,
  keyB: i32,
  begin: i32,
  end: i32,
): void {
  const scales = f32x4.splat(<f32>(1.0 / (1.0 - rate)));
  const thresholds = i32x4.splat(<u32>(rate * 4294967296.0));
  const lanes = i32x4(0, 1, 2, 3);
  for (let i = begin; i < end; i += 4) {
    const at = <usize>i << 2;
    const count = min(end - i, 4);
    const n = i32x4.add(i32x4.splat(i), lanes);
    const hash = murmur3Mix(i32x4.add(murmur3Mix(v128.xor(n, i32x4.splat(keyA))), i32x4.splat(keyB)));
    const scaled = f32x4.mul(loadUpTo(x + at, count), scales);
    storeUpTo(y + at, v128.and(scaled, i32x4.ge_u(hash, thresholds)), count);
  }
}
