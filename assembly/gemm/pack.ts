// Copies blocks of an operand into panels, in the order in which the micro-kernel reads them. Transposition happens
// here and nowhere else.
//
//   a block of A, MR = 4                     its panels: tile by tile, step by step
//
//        k0  k1  k2 ...
//   i0 | a00 a01 a02 ...                      tile 0: a00 a10 a20 a30 | a01 a11 a21 a31 | ...
//   i1 | a10 a11 a12 ...
//   i2 | a20 a21 a22 ...                      tile 1: a40 a50 a60 a70 | a41 a51 ...
//   i3 | a30 a31 a32 ...
//   i4 | a40 ...                              rows beyond the matrix are zeros
//
// Panels of B are the same with columns for rows and NR = 8 values a step. So both are made of one thing: strips of four
// lines, `pitch` bytes from step to step.
import { loadLanes } from "../simd";

/**
 * Packs a strip of four lines whose steps lie side by side in memory (rows of an untransposed A, columns of a
 * transposed B): 4 x 4 blocks are transposed in registers.
 *
 * @param to      first step of the strip
 * @param pitch   bytes from one step to the next in the panel
 * @param from    element of the first line at the first step
 * @param stride  bytes from one line to the next
 * @param lines   lines that exist, 1 to 4; the rest becomes zeros
 * @param steps   steps to pack
 */
function packAcross(to: usize, pitch: usize, from: usize, stride: usize, lines: i32, steps: i32): void {
  // A line that does not exist reads the first line instead and is masked to zero.
  const line1 = lines > 1 ? from + stride : from;
  const line2 = lines > 2 ? from + 2 * stride : from;
  const line3 = lines > 3 ? from + 3 * stride : from;
  const mask = i32x4.gt_s(i32x4.splat(lines), i32x4(0, 1, 2, 3));
  const end = <usize>(steps & ~3) << 2;
  let k: usize = 0;
  for (; k < end; k += 16) {
    const r0 = v128.load(from + k);
    const r1 = v128.load(line1 + k);
    const r2 = v128.load(line2 + k);
    const r3 = v128.load(line3 + k);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.and(mask, v128.shuffle<i64>(low01, low23, 0, 2)));
    v128.store(to + pitch, v128.and(mask, v128.shuffle<i64>(low01, low23, 1, 3)));
    v128.store(to + 2 * pitch, v128.and(mask, v128.shuffle<i64>(high01, high23, 0, 2)));
    v128.store(to + 3 * pitch, v128.and(mask, v128.shuffle<i64>(high01, high23, 1, 3)));
    to += 4 * pitch;
  }
  for (const last = <usize>steps << 2; k < last; k += 4) {
    let step = v128.load32_zero(from + k);
    step = v128.load32_lane(line1 + k, step, 1);
    step = v128.load32_lane(line2 + k, step, 2);
    step = v128.load32_lane(line3 + k, step, 3);
    v128.store(to, v128.and(mask, step));
    to += pitch;
  }
}

/**
 * Packs a strip of four lines that lie side by side in memory (rows of a transposed A, columns of an untransposed B):
 * a copy. Parameters as above, but `stride` is bytes from one step to the next.
 */
function packAlong(to: usize, pitch: usize, from: usize, stride: usize, lines: i32, steps: i32): void {
  if (lines == 4) {
    for (let k = 0; k < steps; k++) {
      v128.store(to, v128.load(from));
      to += pitch;
      from += stride;
    }
  } else {
    for (let k = 0; k < steps; k++) {
      v128.store(to, loadLanes(from, lines));
      to += pitch;
      from += stride;
    }
  }
}

/** One strip of up to four lines; none at all (`lines` <= 0) becomes zeros. */
function packStrip(to: usize, pitch: usize, from: usize, stride: usize, lines: i32, steps: i32, across: bool): void {
  if (lines > 4) lines = 4;
  if (lines <= 0) {
    for (let k = 0; k < steps; k++) v128.store(to + <usize>k * pitch, i64x2.splat(0));
  } else if (across) packAcross(to, pitch, from, stride, lines, steps);
  else packAlong(to, pitch, from, stride, lines, steps);
}

/**
 * Packs lines `begin` to `end` of an operand, `width` (4 or 8) a panel, for `steps` steps from `firstStep`.
 *
 * @param to      16-byte aligned; ceil((end - begin) / width) * width * steps float32
 * @param from    the operand, row-major
 * @param columns of the operand as it is stored
 * @param across  whether a line is a row of the operand as stored
 */
export function packPanels(
  to: usize,
  from: usize,
  columns: i32,
  across: bool,
  width: i32,
  begin: i32,
  end: i32,
  firstStep: i32,
  steps: i32,
): void {
  const pitch = <usize>width << 2;
  const stride = <usize>columns << 2;
  for (let line = begin; line < end; line += width) {
    for (let strip = 0; strip < width; strip += 4) {
      const first = line + strip;
      const at = across
        ? <usize>first * stride + (<usize>firstStep << 2)
        : <usize>firstStep * stride + (<usize>first << 2);
      packStrip(to + (<usize>strip << 2), pitch, from + at, stride, end - first, steps, across);
    }
    to += <usize>steps * pitch;
  }
}
