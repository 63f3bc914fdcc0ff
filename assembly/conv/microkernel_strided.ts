// The micro-kernel of gemm/microkernel_6x8.ts for operands that lie as they are: the steps of a weight gradient are positions,
// whose six taps are side by side in the padded image, and whose eight outputs are side by side in the gradient. So nothing is
// packed; the last two values of a step are loaded twice at once. Of one channel a window's row has three taps rather than six:
// three rows of twice as many outputs waste nothing.
import { madd } from "../simd";
import { rotate, straighten, swap, writeHalfRow, writeRow } from "../gemm/microkernel_6x8";

/**
 * Adds to a 6 x 8 tile the sum over `down` lines of `across` steps.
 *
 * @param c     6 x 8 tile, read and written
 * @param a     six values of the first step; `aStep` bytes further those of the next, `aLine` those of the next line
 * @param b     eight values of the first step; `bStep` bytes further those of the next, over lines
 */
export function microkernelStrided(
  c: usize,
  stride: usize,
  a: usize,
  aStep: usize,
  aLine: usize,
  b: usize,
  bStep: usize,
  down: i32,
  across: i32,
): void {
  let d00 = f32x4.splat(0), d01 = d00;
  let d10 = d00, d11 = d00;
  let d20 = d00, d21 = d00;
  let d30 = d00, d31 = d00;
  let e00 = d00, e01 = d00;
  let e10 = d00, e11 = d00;
  const lineEnd = aStep * <usize>across;
  const last = a + aLine * <usize>down;
  for (; a < last; a += aLine) {
    const end = a + lineEnd;
    for (let at = a; at < end; at += aStep) {
      let a0 = v128.load(at);
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      d00 = madd(a0, b0, d00); d01 = madd(a0, b1, d01); a0 = rotate(a0);
      d10 = madd(a0, b0, d10); d11 = madd(a0, b1, d11); a0 = rotate(a0);
      d20 = madd(a0, b0, d20); d21 = madd(a0, b1, d21); a0 = rotate(a0);
      d30 = madd(a0, b0, d30); d31 = madd(a0, b1, d31);
      a0 = v128.load64_splat(at, 16);
      e00 = madd(a0, b0, e00); e01 = madd(a0, b1, e01); a0 = swap(a0);
      e10 = madd(a0, b0, e10); e11 = madd(a0, b1, e11);
      b += bStep;
    }
  }
  writeRow(c, straighten(d00, d30, d20, d10), straighten(d01, d31, d21, d11), true);
  c += stride;
  writeRow(c, straighten(d10, d00, d30, d20), straighten(d11, d01, d31, d21), true);
  c += stride;
  writeRow(c, straighten(d20, d10, d00, d30), straighten(d21, d11, d01, d31), true);
  c += stride;
  writeRow(c, straighten(d30, d20, d10, d00), straighten(d31, d21, d11, d01), true);
  c += stride;
  writeRow(c, straighten(e00, e10, e00, e10), straighten(e01, e11, e01, e11), true);
  c += stride;
  writeRow(c, straighten(e10, e00, e10, e00), straighten(e11, e01, e11, e01), true);
}

/** The same for a 3 x 16 tile: three values of a step, each spread over a vector, times sixteen. */
export function microkernelStrided3x16(
  c: usize,
  stride: usize,
  a: usize,
  aStep: usize,
  aLine: usize,
  b: usize,
  bStep: usize,
  down: i32,
  across: i32,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00;
  let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  let c20 = c00, c21 = c00, c22 = c00, c23 = c00;
  const lineEnd = aStep * <usize>across;
  const last = a + aLine * <usize>down;
  for (; a < last; a += aLine) {
    const end = a + lineEnd;
    for (let at = a; at < end; at += aStep) {
      const a0 = v128.load32_splat(at), a1 = v128.load32_splat(at, 4), a2 = v128.load32_splat(at, 8);
      let b0 = v128.load(b);
      c00 = madd(a0, b0, c00); c10 = madd(a1, b0, c10); c20 = madd(a2, b0, c20);
      b0 = v128.load(b, 16);
      c01 = madd(a0, b0, c01); c11 = madd(a1, b0, c11); c21 = madd(a2, b0, c21);
      b0 = v128.load(b, 32);
      c02 = madd(a0, b0, c02); c12 = madd(a1, b0, c12); c22 = madd(a2, b0, c22);
      b0 = v128.load(b, 48);
      c03 = madd(a0, b0, c03); c13 = madd(a1, b0, c13); c23 = madd(a2, b0, c23);
      b += bStep;
    }
  }
  writeSixteen(c, c00, c01, c02, c03);
  writeSixteen(c + stride, c10, c11, c12, c13);
  writeSixteen(c + 2 * stride, c20, c21, c22, c23);
}

// @ts-ignore: decorator
@inline
function writeSixteen(c: usize, v0: v128, v1: v128, v2: v128, v3: v128): void {
  writeHalfRow(c, v0, true);
  writeHalfRow(c + 16, v1, true);
  writeHalfRow(c + 32, v2, true);
  writeHalfRow(c + 48, v3, true);
}
