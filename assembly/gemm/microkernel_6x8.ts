// The innermost loop: a 6 x 8 tile of C is the sum over k of a column of six values of A times a row of eight of B.
//
// One load brings four values of A. Rather than spreading each over a vector of its own (four shuffles), the vector is
// rotated by one lane three times, and every rotation is multiplied by both vectors of B. The accumulators then hold
// diagonals of the upper four rows,
//
//   d0 = c00 c11 c22 c33      d1 = c10 c21 c32 c03      d2 = c20 c31 c02 c13      d3 = c30 c01 c12 c23
//
// A second load brings the other two values, which are packed twice, and one swap shows both to every lane:
//
//   e0 = c40 c51 c42 c53      e1 = c50 c41 c52 c43
//
// All are put straight once, after the loop. A step is 12 multiply-adds, 4 shuffles and 4 loads, and what it keeps (twelve
// accumulators, two vectors of B, one of A) are just the fifteen registers that V8 has to give. It reaches 95 % of the
// limit of two multiply-add pipes; a 4 x 8 tile with rotations 90 %, with four spread values 82 %.
//
// V8 compares every address with the memory's size less the offset and length of the access, and works out that difference
// once for each offset in a loop. So pointers move on at every step, and there are two offsets, not one for each unrolled
// step: five instructions of 34 less.
//
// V8 keeps the accumulators in registers only while a step's loads and products stay together in program order: unrolling
// by hand is harmless, an optimizer that moves products between steps (Binaryen above -O1) is not.
import { madd } from "../simd";

// @ts-ignore: decorator
@inline
export function rotate(a: v128): v128 {
  return v128.shuffle<f32>(a, a, 1, 2, 3, 0);
}

// @ts-ignore: decorator
@inline
export function swap(a: v128): v128 {
  return v128.shuffle<f32>(a, a, 1, 0, 3, 2);
}

/** Writes half a row of the tile, or adds to it. */
// @ts-ignore: decorator
@inline
export function writeHalfRow(c: usize, half: v128, accumulate: bool): void {
  v128.store(c, accumulate ? f32x4.add(v128.load(c), half) : half);
}

// @ts-ignore: decorator
@inline
export function writeRow(c: usize, left: v128, right: v128, accumulate: bool): void {
  writeHalfRow(c, left, accumulate);
  writeHalfRow(c + 16, right, accumulate);
}

/** Lane 0 of p, lane 1 of q, lane 2 of r, lane 3 of s. */
// @ts-ignore: decorator
@inline
export function straighten(p: v128, q: v128, r: v128, s: v128): v128 {
  return v128.shuffle<i64>(
    v128.shuffle<f32>(p, q, 0, 5, 2, 7),
    v128.shuffle<f32>(r, s, 0, 5, 2, 7),
    0,
    3,
  );
}

/**
 * @param c      6 x 8 tile of C; read only if `accumulate`
 * @param stride bytes from one row of C to the next
 * @param a      packed tile of A: `steps` x 8 float32, of which the last two repeat the two before
 * @param b      packed panel of B: `steps` x 8 float32
 */
export function microkernel6x8(c: usize, stride: usize, a: usize, b: usize, steps: i32, accumulate: bool): void {
  let d00 = f32x4.splat(0), d01 = d00;
  let d10 = d00, d11 = d00;
  let d20 = d00, d21 = d00;
  let d30 = d00, d31 = d00;
  let e00 = d00, e01 = d00;
  let e10 = d00, e11 = d00;

  const end = a + <usize>(steps << 5);
  const blocksEnd = a + <usize>((steps & ~3) << 5);
  while (a < blocksEnd) {
    let a0 = v128.load(a);
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;
    b += 32;

    a0 = v128.load(a);
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;
    b += 32;

    a0 = v128.load(a);
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;
    b += 32;

    a0 = v128.load(a);
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;
    b += 32;
  }
  while (a < end) {
    let a0 = v128.load(a);
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;
    b += 32;
  }

  // Of the first four rows, row i takes lane j from diagonal (i - j) mod 4; of the others, in turns.
  writeRow(c, straighten(d00, d30, d20, d10), straighten(d01, d31, d21, d11), accumulate);
  c += stride;
  writeRow(c, straighten(d10, d00, d30, d20), straighten(d11, d01, d31, d21), accumulate);
  c += stride;
  writeRow(c, straighten(d20, d10, d00, d30), straighten(d21, d11, d01, d31), accumulate);
  c += stride;
  writeRow(c, straighten(d30, d20, d10, d00), straighten(d31, d21, d11, d01), accumulate);
  c += stride;
  writeRow(c, straighten(e00, e10, e00, e10), straighten(e01, e11, e01, e11), accumulate);
  c += stride;
  writeRow(c, straighten(e10, e00, e10, e00), straighten(e11, e01, e11, e01), accumulate);
}

/**
 * The same with some steps left out: those whose six values of A are zero.
 *
 * @param a       packed tile of A: `steps` x 8 float32, the steps that are kept
 * @param offsets where each of them finds its row of B, in bytes from `b`: `steps` uint16
 */
export function microkernel6x8Indexed(
  c: usize,
  stride: usize,
  a: usize,
  offsets: usize,
  b: usize,
  steps: i32,
  accumulate: bool,
): void {
  let d00 = f32x4.splat(0), d01 = d00;
  let d10 = d00, d11 = d00;
  let d20 = d00, d21 = d00;
  let d30 = d00, d31 = d00;
  let e00 = d00, e01 = d00;
  let e10 = d00, e11 = d00;

  const end = a + <usize>(steps << 5);
  const blocksEnd = a + <usize>((steps & ~3) << 5);
  while (a < blocksEnd) {
    let row = b + <usize>load<u16>(offsets);
    let a0 = v128.load(a);
    let b0 = v128.load(row);
    let b1 = v128.load(row, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;

    row = b + <usize>load<u16>(offsets, 2);
    a0 = v128.load(a);
    b0 = v128.load(row);
    b1 = v128.load(row, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;

    row = b + <usize>load<u16>(offsets, 4);
    a0 = v128.load(a);
    b0 = v128.load(row);
    b1 = v128.load(row, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;

    row = b + <usize>load<u16>(offsets, 6);
    a0 = v128.load(a);
    b0 = v128.load(row);
    b1 = v128.load(row, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;
    offsets += 8;
  }
  while (a < end) {
    const row = b + <usize>load<u16>(offsets);
    let a0 = v128.load(a);
    let b0 = v128.load(row);
    let b1 = v128.load(row, 16);
    d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
    d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
    d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
    d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
    a0 = v128.load(a, 16);
    e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
    e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
    a += 32;
    offsets += 2;
  }

  // Of the first four rows, row i takes lane j from diagonal (i - j) mod 4; of the others, in turns.
  writeRow(c, straighten(d00, d30, d20, d10), straighten(d01, d31, d21, d11), accumulate);
  c += stride;
  writeRow(c, straighten(d10, d00, d30, d20), straighten(d11, d01, d31, d21), accumulate);
  c += stride;
  writeRow(c, straighten(d20, d10, d00, d30), straighten(d21, d11, d01, d31), accumulate);
  c += stride;
  writeRow(c, straighten(d30, d20, d10, d00), straighten(d31, d21, d11, d01), accumulate);
  c += stride;
  writeRow(c, straighten(e00, e10, e00, e10), straighten(e01, e11, e01, e11), accumulate);
  c += stride;
  writeRow(c, straighten(e10, e00, e10, e00), straighten(e11, e01, e11, e01), accumulate);
}
