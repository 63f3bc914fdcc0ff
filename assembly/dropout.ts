// y = x scale, or 0 for the elements that are dropped: those whose hash is below a threshold.
//
// The hash of element n is mix(mix(n ^ keyA) + keyB), mix being the finaliser of MurmurHash3 (A. Appleby, public domain),
// which lets every bit of its argument change every bit of its result with probability 1/2. Integers only, so that the same
// elements are dropped on every back end and by whichever thread, forward and backward, without a mask in memory.
import { loadUpTo, storeUpTo } from "./simd";

// @ts-ignore: decorator
@inline
function mix(h: v128): v128 {
  h = v128.xor(h, i32x4.shr_u(h, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** Elements `begin` to `end` (begin a multiple of 4), counted over the whole matrix. y may be x. */
export function dropout(
  y: usize,
  x: usize,
  threshold: u32,
  scale: f32,
  keyA: i32,
  keyB: i32,
  begin: i32,
  end: i32,
): void {
  const scales = f32x4.splat(scale);
  const thresholds = i32x4.splat(threshold);
  const lanes = i32x4(0, 1, 2, 3);
  for (let i = begin; i < end; i += 4) {
    const at = <usize>i << 2;
    const count = min(end - i, 4);
    const n = i32x4.add(i32x4.splat(i), lanes);
    const hash = mix(i32x4.add(mix(v128.xor(n, i32x4.splat(keyA))), i32x4.splat(keyB)));
    const scaled = f32x4.mul(loadUpTo(x + at, count), scales);
    storeUpTo(y + at, v128.and(scaled, i32x4.ge_u(hash, thresholds)), count);
  }
}
