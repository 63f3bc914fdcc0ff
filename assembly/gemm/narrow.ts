// Rows of C from a packed block of B, with A read where it lies: for products so narrow that packing A would take longer
// than it saves. Each element is the same sum, in the same order, as the other micro-kernels', so its bits are theirs.
import { loadUpTo, madd, storeUpTo } from "../simd";
import { NR } from "./blocking";
import { B_STEP } from "./pack";

/** Writes the first `count` lanes of a sum, none to all, or adds them to what is there. */
export function writeSums(to: usize, sum: v128, count: i32, accumulate: bool): void {
  if (count > 4) count = 4;
  if (count > 0) storeUpTo(to, accumulate ? f32x4.add(loadUpTo(to, count), sum) : sum, count);
}

/** Four rows of a panel; those from `rows` on are the last one again, and not stored. */
// @ts-ignore: decorator
@inline
function panelRows(
  c: usize,
  stride: usize,
  a: usize,
  line: usize,
  step: usize,
  b: usize,
  steps: i32,
  accumulate: bool,
  rows: i32,
  width: i32,
): void {
  const l1 = rows > 1 ? line : 0, l2 = rows > 2 ? l1 + line : l1, l3 = rows > 3 ? l2 + line : l2;
  let s00 = f32x4.splat(0), s10 = s00, s20 = s00, s30 = s00, s01 = s00, s11 = s00, s21 = s00, s31 = s00;
  const end = b + <usize>steps * B_STEP;
  if (width <= 4) {
    for (; b < end; b += B_STEP, a += step) {
      const b0 = v128.load(b);
      s00 = madd(v128.load32_splat(a), b0, s00);
      s10 = madd(v128.load32_splat(a + l1), b0, s10);
      s20 = madd(v128.load32_splat(a + l2), b0, s20);
      s30 = madd(v128.load32_splat(a + l3), b0, s30);
    }
  } else {
    for (; b < end; b += B_STEP, a += step) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      const a0 = v128.load32_splat(a);
      s00 = madd(a0, b0, s00); s01 = madd(a0, b1, s01);
      const a1 = v128.load32_splat(a + l1);
      s10 = madd(a1, b0, s10); s11 = madd(a1, b1, s11);
      const a2 = v128.load32_splat(a + l2);
      s20 = madd(a2, b0, s20); s21 = madd(a2, b1, s21);
      const a3 = v128.load32_splat(a + l3);
      s30 = madd(a3, b0, s30); s31 = madd(a3, b1, s31);
    }
  }
  writeSums(c, s00, width, accumulate); writeSums(c + 16, s01, width - 4, accumulate);
  if (rows > 1) { c += stride; writeSums(c, s10, width, accumulate); writeSums(c + 16, s11, width - 4, accumulate); }
  if (rows > 2) { c += stride; writeSums(c, s20, width, accumulate); writeSums(c + 16, s21, width - 4, accumulate); }
  if (rows > 3) { c += stride; writeSums(c, s30, width, accumulate); writeSums(c + 16, s31, width - 4, accumulate); }
}

/**
 * Rows `begin` to `end` of C, `width` columns wide.
 *
 * @param c      element of C at row 0 and the first column
 * @param n      columns of C as it is stored
 * @param a      element of op(A) at row 0 and the first step
 * @param line   bytes from a row of op(A) to the next; `step`: from a step to the next
 * @param panels of B, as packB left them
 */
export function multiplyNarrow(
  c: usize,
  n: i32,
  width: i32,
  a: usize,
  line: usize,
  step: usize,
  panels: usize,
  steps: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const stride = <usize>n << 2;
  for (let i = begin; i < end; i += 4) {
    const row = c + <usize>i * stride;
    const from = a + <usize>i * line;
    let panel = panels;
    for (let j = 0; j < width; j += NR) {
      const to = row + (<usize>j << 2);
      panelRows(to, stride, from, line, step, panel, steps, accumulate, end - i, width - j);
      panel += <usize>steps * B_STEP;
    }
  }
}
