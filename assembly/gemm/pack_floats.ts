// Packs strips of a float32 operand. See pack.ts for the layout.
import { loadLanes } from "../simd";
import { MR } from "./blocking";
import { A_STEP, B_STEP, storeStep, storeSteps } from "./pack";

/** Packs the strip at `from` as the next six rows of A; returns the number of steps kept. */
export function packFloats(
  to: usize,
  offsets: usize,
  from: usize,
  stride: usize,
  lines: i32,
  steps: i32,
  across: bool,
  skipZeros: bool,
): i32 {
  const firstOffset = offsets;
  let k = 0;
  if (lines >= MR) {
    // Four steps at a time: images have long runs of zeros, and long runs without.
    const zero = i64x2.splat(0);
    for (; k + 4 <= steps; k += 4) {
      let s0: v128, s1: v128, s2: v128, s3: v128;
      let p0: v128, p1: v128, p2: v128, p3: v128;
      if (across) {
        const at = from + (<usize>k << 2);
        const r0 = v128.load(at);
        const r1 = v128.load(at + stride);
        const r2 = v128.load(at + 2 * stride);
        const r3 = v128.load(at + 3 * stride);
        const r4 = v128.load(at + 4 * stride);
        const r5 = v128.load(at + 5 * stride);
        if (skipZeros && !v128.any_true(v128.or(v128.or(v128.or(r0, r1), v128.or(r2, r3)), v128.or(r4, r5)))) continue;
        const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
        const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
        const low45 = v128.shuffle<f32>(r4, r5, 0, 4, 1, 5);
        const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        const high45 = v128.shuffle<f32>(r4, r5, 2, 6, 3, 7);
        s0 = v128.shuffle<i64>(low01, low23, 0, 2);
        s1 = v128.shuffle<i64>(low01, low23, 1, 3);
        s2 = v128.shuffle<i64>(high01, high23, 0, 2);
        s3 = v128.shuffle<i64>(high01, high23, 1, 3);
        p0 = v128.shuffle<i64>(low45, zero, 0, 2);
        p1 = v128.shuffle<i64>(low45, zero, 1, 2);
        p2 = v128.shuffle<i64>(high45, zero, 0, 2);
        p3 = v128.shuffle<i64>(high45, zero, 1, 2);
      } else {
        let at = from + <usize>k * stride;
        s0 = v128.load(at);
        p0 = v128.load64_zero(at, 16);
        at += stride;
        s1 = v128.load(at);
        p1 = v128.load64_zero(at, 16);
        at += stride;
        s2 = v128.load(at);
        p2 = v128.load64_zero(at, 16);
        at += stride;
        s3 = v128.load(at);
        p3 = v128.load64_zero(at, 16);
      }
      const kept0 = <usize>i32(v128.any_true(v128.or(s0, p0)) || !skipZeros);
      const kept1 = <usize>i32(v128.any_true(v128.or(s1, p1)) || !skipZeros);
      const kept2 = <usize>i32(v128.any_true(v128.or(s2, p2)) || !skipZeros);
      const kept3 = <usize>i32(v128.any_true(v128.or(s3, p3)) || !skipZeros);
      const kept = storeSteps(to, offsets, k, s0, p0, kept0, s1, p1, kept1, s2, p2, kept2, s3, p3, kept3);
      to += kept * A_STEP;
      offsets += kept << 1;
    }
  }
  const pairs = from + (across ? 4 * stride : 16);
  for (; k < steps; k++) {
    const four = loadStep(from, stride, lines, k, across);
    const pair = loadStep(pairs, stride, min(lines - 4, 2), k, across);
    const kept = <usize>i32(v128.any_true(v128.or(four, pair)) || !skipZeros);
    storeStep(to, offsets, four, pair, k * <i32>B_STEP);
    to += kept * A_STEP;
    offsets += kept << 1;
  }
  return <i32>((offsets - firstOffset) >> 1);
}

/** Up to four values of one step of a strip. */
// @ts-ignore: decorator
@inline
export function loadStep(from: usize, stride: usize, lines: i32, k: i32, across: bool): v128 {
  if (!across) {
    const at = from + <usize>k * stride;
    return lines >= 4 ? v128.load(at) : lines > 0 ? loadLanes(at, lines) : i64x2.splat(0);
  }
  const at = from + (<usize>k << 2);
  let step = i64x2.splat(0);
  if (lines > 0) step = v128.load32_zero(at);
  if (lines > 1) step = v128.load32_lane(at + stride, step, 1);
  if (lines > 2) step = v128.load32_lane(at + 2 * stride, step, 2);
  if (lines > 3) step = v128.load32_lane(at + 3 * stride, step, 3);
  return step;
}
