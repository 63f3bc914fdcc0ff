// Copies blocks of an operand into panels, in the order in which the micro-kernel reads them. Transposition happens
// here and nowhere else.
//
//   a block of A, MR = 6                     its tiles: step by step
//
//        k0  k1  k2 ...
//   i0 | a00 a01 a02 ...                      tile 0: a00 a10 a20 a30 a40 a50 a40 a50 | a01 a11 a21 a31 ...
//   i1 | a10 a11 a12 ...
//   ...                                       tile 1: a60 a70 ...
//   i6 | a60 ...                              rows beyond the matrix are zeros
//
// The last two values of a step stand twice, as the micro-kernel wants them. Panels of B have NR = 8 columns for rows.
//
// Half of the pixels of clothes on a black ground are zero, so a step of A is often all zeros. It adds nothing to any
// element of C, and is left out: a tile keeps the steps that matter, with the place of each one's row of B. That is
// exact unless B holds an infinity or NaN, whose product with zero is NaN; packing B finds out.
//
// A strip is some neighboring lines of an operand. Where `across`, a line's steps lie side by side in memory (rows of an
// untransposed A, columns of a transposed B), and `stride` is bytes from line to line. Else the lines lie side by side
// (rows of a transposed A, columns of an untransposed B), and `stride` is bytes from step to step. `lines` of a strip
// exist, from none to more than it has; the others are packed as zeros.
//
// This page has what all packing shares; pack_floats.ts and pack_bytes.ts pack strips of A, pack_b.ts blocks of B.
import { MR, NR } from "./blocking";

/** Bytes of a step of a tile of A, and of a panel of B. */
export const A_STEP: usize = <usize>(MR + 2) << 2;
export const B_STEP: usize = <usize>NR << 2;

/** Address of a line's element at a step. `stride` is bytes of a row as it is stored; an element has 1 << `size` bytes. */
// @ts-ignore: decorator
@inline
export function elementOf(operand: usize, stride: usize, size: usize, line: i32, step: i32, across: bool): usize {
  return across
    ? operand + <usize>line * stride + (<usize>step << size)
    : operand + <usize>step * stride + (<usize>line << size);
}

/**
 * Writes those of four neighboring steps of a tile of A that are kept, with their places, and returns how many.
 *
 * @param k  the first of them
 * @param s0 four values of it, and likewise of the others
 * @param p0 its other two, in the lower half, and likewise of the others
 */
// @ts-ignore: decorator
@inline
export function storeSteps(
  to: usize,
  offsets: usize,
  k: i32,
  s0: v128,
  p0: v128,
  kept0: usize,
  s1: v128,
  p1: v128,
  kept1: usize,
  s2: v128,
  p2: v128,
  kept2: usize,
  s3: v128,
  p3: v128,
  kept3: usize,
): usize {
  const place = k * <i32>B_STEP;
  const kept01 = kept0 + kept1;
  const kept = kept01 + kept2 + kept3;
  if (kept == 4) {
    v128.store(to, s0);
    v128.store(to, twice(p0), 16);
    v128.store(to, s1, 32);
    v128.store(to, twice(p1), 48);
    v128.store(to, s2, 64);
    v128.store(to, twice(p2), 80);
    v128.store(to, s3, 96);
    v128.store(to, twice(p3), 112);
    store<u64>(offsets, <u64>place * 0x0001_0001_0001_0001 + 0x0060_0040_0020_0000);
  } else {
    // Every step is written, and the next one overwrites it unless it is kept.
    storeStep(to, offsets, s0, p0, place);
    storeStep(to + kept0 * A_STEP, offsets + (kept0 << 1), s1, p1, place + 32);
    storeStep(to + kept01 * A_STEP, offsets + (kept01 << 1), s2, p2, place + 64);
    const kept012 = kept01 + kept2;
    storeStep(to + kept012 * A_STEP, offsets + (kept012 << 1), s3, p3, place + 96);
  }
  return kept;
}

/** Writes a step and its place: bytes from the start of a panel of B to its row. */
// @ts-ignore: decorator
@inline
export function storeStep(to: usize, offsets: usize, four: v128, pair: v128, place: i32): void {
  v128.store(to, four);
  v128.store(to, twice(pair), 16);
  store<u16>(offsets, <u16>place);
}

// @ts-ignore: decorator
@inline
function twice(pair: v128): v128 {
  return v128.shuffle<i64>(pair, pair, 0, 0);
}
