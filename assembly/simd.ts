// The few vector operations that every kernel shares. A vector holds four float32 lanes.

/** Whether this is the relaxed build: 1 or 0. */
export const RELAXED: i32 = i32(ASC_FEATURE_RELAXED_SIMD);

/**
 * x * y + z. The relaxed build fuses it where the processor can (one rounding, one instruction); the strict build
 * multiplies and adds (two roundings, the same bits on every processor).
 */
// @ts-ignore: decorator
@inline
export function madd(x: v128, y: v128, z: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD
    ? f32x4.relaxed_madd(x, y, z)
    : f32x4.add(f32x4.mul(x, y), z);
}

/** The first `count` (1 to 3) float32 at `p`; the lanes above are zero and the bytes above are not touched. */
// @ts-ignore: decorator
@inline
export function loadLanes(p: usize, count: i32): v128 {
  let v = v128.load32_zero(p);
  if (count > 1) v = v128.load32_lane(p + 4, v, 1);
  if (count > 2) v = v128.load32_lane(p + 8, v, 2);
  return v;
}

/** Writes the first `count` (1 to 3) lanes of `v` to `p` and nothing else. */
// @ts-ignore: decorator
@inline
export function storeLanes(p: usize, v: v128, count: i32): void {
  v128.store32_lane(p, v, 0);
  if (count > 1) v128.store32_lane(p + 4, v, 1);
  if (count > 2) v128.store32_lane(p + 8, v, 2);
}

// For the ends of rows, where a call costs little and a copy of the code in every place would be long.
function loadEnd(p: usize, count: i32): v128 {
  return loadLanes(p, count);
}

function storeEnd(p: usize, v: v128, count: i32): void {
  storeLanes(p, v, count);
}

/** The first `count` (1 to 4) float32 at `p`. For kernels that would be long if they had their body twice. */
// @ts-ignore: decorator
@inline
export function loadUpTo(p: usize, count: i32): v128 {
  return count == 4 ? v128.load(p) : loadEnd(p, count);
}

/** Writes the first `count` (1 to 4) lanes of `v` to `p`. */
// @ts-ignore: decorator
@inline
export function storeUpTo(p: usize, v: v128, count: i32): void {
  if (count == 4) v128.store(p, v);
  else storeEnd(p, v, count);
}

/** The sum of the four lanes, pairs first. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The largest of the four lanes; not a number if one of them is not. */
// @ts-ignore: decorator
@inline
export function maxLanes(v: v128): f32 {
  const pairs = f32x4.max(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}
