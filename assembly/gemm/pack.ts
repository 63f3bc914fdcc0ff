// Copies blocks of an operand into panels, in the order in which the micro-kernel reads them. Transposition happens
// here and nowhere else.
//
//   a block of A, MR = 6                     its tiles: step by step
//
//        k0  k1  k2 ...
//   i0 | a00 a01 a02 ...                      tile 0: a00 a10 a20 a30 a40 a50 | a01 a11 a21 a31 a41 a51 | ...
//   i1 | a10 a11 a12 ...
//   ...                                       tile 1: a60 a70 ...
//   i6 | a60 ...                              rows beyond the matrix are zeros
//
// Panels of B are the same with columns for rows and NR = 8 values a step.
//
// Half of the pixels of clothes on a black ground are zero, so a step of A is often all zeros. It adds nothing to any
// element of C, and is left out: a tile keeps the steps that matter, with the place of each one's row of B. That is
// exact unless B holds an infinity or NaN, whose product with zero is NaN; packing B finds out.
import { loadLanes } from "../simd";
import { MR, NR } from "./blocking";

/** Bytes of a step of a tile of A, and of a panel of B. */
const A_STEP: usize = <usize>MR << 2;
const B_STEP: usize = <usize>NR << 2;

/**
 * A strip is some neighbouring lines of an operand.
 *
 * Where `across`, a line's steps lie side by side in memory (rows of an untransposed A, columns of a transposed B), and
 * `stride` is bytes from line to line. Else the lines lie side by side (rows of a transposed A, columns of an
 * untransposed B), and `stride` is bytes from step to step.
 *
 * `lines` of the strip exist, from none to more than it has; the others are packed as zeros.
 */

/** Packs the strip at `from` as the next six rows of A; returns the number of steps kept. */
export function packStripA(
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
    // Four steps at a time: pictures have long runs of zeros, and long runs without.
    const zero = i64x2.splat(0);
    for (; k + 4 <= steps; k += 4) {
      // Of each step, four values and then a pair.
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
      const kept0 = i32(v128.any_true(v128.or(s0, p0)) || !skipZeros);
      const kept1 = i32(v128.any_true(v128.or(s1, p1)) || !skipZeros);
      const kept2 = i32(v128.any_true(v128.or(s2, p2)) || !skipZeros);
      const kept3 = i32(v128.any_true(v128.or(s3, p3)) || !skipZeros);
      const kept = kept0 + kept1 + kept2 + kept3;
      if (kept == 0) continue;
      const place = <u64>(k * 32);
      if (kept == 4) {
        v128.store(to, s0);
        v128.store64_lane(to, p0, 0, 16);
        v128.store(to, s1, 24);
        v128.store64_lane(to, p1, 0, 40);
        v128.store(to, s2, 48);
        v128.store64_lane(to, p2, 0, 64);
        v128.store(to, s3, 72);
        v128.store64_lane(to, p3, 0, 88);
        store<u64>(offsets, place * 0x0001_0001_0001_0001 + 0x0060_0040_0020_0000);
        to += 4 * A_STEP;
        offsets += 8;
      } else {
        // Every step is written, and the next one overwrites it unless it is kept.
        v128.store(to, s0);
        v128.store64_lane(to, p0, 0, 16);
        store<u16>(offsets, <u16>place);
        to += <usize>kept0 * A_STEP;
        offsets += <usize>kept0 << 1;
        v128.store(to, s1);
        v128.store64_lane(to, p1, 0, 16);
        store<u16>(offsets, <u16>(place + 32));
        to += <usize>kept1 * A_STEP;
        offsets += <usize>kept1 << 1;
        v128.store(to, s2);
        v128.store64_lane(to, p2, 0, 16);
        store<u16>(offsets, <u16>(place + 64));
        to += <usize>kept2 * A_STEP;
        offsets += <usize>kept2 << 1;
        v128.store(to, s3);
        v128.store64_lane(to, p3, 0, 16);
        store<u16>(offsets, <u16>(place + 96));
        to += <usize>kept3 * A_STEP;
        offsets += <usize>kept3 << 1;
      }
    }
  }
  const pairs = from + (across ? 4 * stride : 16);
  for (; k < steps; k++) {
    const four = loadStep(from, stride, lines, k, across);
    const pair = loadStep(pairs, stride, min(lines - 4, 2), k, across);
    const kept = <usize>i32(v128.any_true(v128.or(four, pair)) || !skipZeros);
    v128.store(to, four);
    v128.store64_lane(to, pair, 0, 16);
    store<u16>(offsets, <u16>(k * 32));
    to += kept * A_STEP;
    offsets += kept << 1;
  }
  return <i32>((offsets - firstOffset) >> 1);
}

/** Up to four values of one step of a strip. */
// @ts-ignore: decorator
@inline
function loadStep(from: usize, stride: usize, lines: i32, k: i32, across: bool): v128 {
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

/** Packs the strip at `from` as four columns of a panel of B. */
function packStripB(to: usize, from: usize, stride: usize, lines: i32, steps: i32, across: bool): void {
  for (let k = 0; k < steps; k++) {
    v128.store(to, loadStep(from, stride, lines, k, across));
    to += B_STEP;
  }
}

/**
 * Packs columns `begin` to `end` of op(B), NR a panel.
 *
 * @param to      16-byte aligned; ceil((end - begin) / NR) * NR * steps float32
 * @param b       the operand, row-major
 * @param columns of the operand as it is stored
 * @param across  whether it is transposed
 * @returns whether every number is finite
 */
export function packB(
  to: usize,
  b: usize,
  columns: i32,
  across: bool,
  begin: i32,
  end: i32,
  firstStep: i32,
  steps: i32,
): bool {
  const first = to;
  const stride = <usize>columns << 2;
  for (let line = begin; line < end; line += NR) {
    for (let strip = 0; strip < NR; strip += 4) {
      const at = elementOf(b, stride, line + strip, firstStep, across);
      packStripB(to + (<usize>strip << 2), at, stride, end - line - strip, steps, across);
    }
    to += <usize>steps * B_STEP;
  }
  // x - x is 0 for finite x and NaN for others.
  let sum = f32x4.splat(0);
  for (let p = first; p < to; p += 16) {
    const x = v128.load(p);
    sum = f32x4.add(sum, f32x4.sub(x, x));
  }
  return i32x4.all_true(f32x4.eq(sum, f32x4.splat(0)));
}

/** Address of a line's element at a step. */
// @ts-ignore: decorator
@inline
export function elementOf(operand: usize, stride: usize, line: i32, step: i32, across: bool): usize {
  return operand + (across ? <usize>line * stride + (<usize>step << 2) : <usize>step * stride + (<usize>line << 2));
}
