// Transforms of Winograd's F(2 x 2, 3 x 3) (A. Lavin and S. Gray, 2016): a tile of 2 x 2 outputs of a 3 x 3 window takes 16 products
// of sums in place of 36 products. Of each channel,
//
//   y = A' [(G w G') * (B' x B)] A        x: the 4 x 4 pixels that the tile's windows cover, * element by element
//
//        1  0 -1  0            1   0   0            1  1  1  0
//   B' = 0  1  1  0      G =  1/2 1/2 1/2      A' = 0  1 -1 -1
//        0 -1  1  0           1/2-1/2 1/2
//        0  1  0 -1            0   0   1
//
// Factors are powers of two, so that whole numbers stay exact. Component k of 16 is at row k / 4 and column k % 4.
import {
  channelsOf,
  outHeight,
  outWidth,
  paddedWidth,
} from "./shape";

/** Components of a tile. */
export const COMPONENTS: i32 = 16;

/** Rows and columns of tiles. */
// @ts-ignore: decorator
@inline
export function tilesDown(shape: usize): i32 {
  return (outHeight(shape) + 1) >> 1;
}

// @ts-ignore: decorator
@inline
export function tilesAcross(shape: usize): i32 {
  return (outWidth(shape) + 1) >> 1;
}

/** The first pixel of tile `tile`, row by row, in a padded image. */
// @ts-ignore: decorator
@inline
export function tileAt(padded: usize, shape: usize, tile: i32): usize {
  const across = tilesAcross(shape);
  const p = tile / across;
  const q = tile - p * across;
  return padded + (<usize>(2 * (p * paddedWidth(shape) + q) * channelsOf(shape)) << 2);
}

/** One row of components: (above - below) of B', from two rows of pixels. */
// @ts-ignore: decorator
@inline
function inputRow(to: usize, step: usize, t0: v128, t1: v128, t2: v128, t3: v128): void {
  v128.store(to, f32x4.sub(t0, t2));
  v128.store(to + step, f32x4.add(t1, t2));
  v128.store(to + 2 * step, f32x4.sub(t2, t1));
  v128.store(to + 3 * step, f32x4.sub(t1, t3));
}

/**
 * B' x B of four channels.
 *
 * @param to    of component 0; the others `step` bytes apart
 * @param pixel bytes from one pixel to the next, `line` from one row to the next
 */
// @ts-ignore: decorator
@inline
export function transformInput(to: usize, step: usize, from: usize, pixel: usize, line: usize): void {
  const r1 = from + line, r2 = r1 + line, r3 = r2 + line;
  const p2 = 2 * pixel, p3 = p2 + pixel;
  inputRow(
    to, step,
    f32x4.sub(v128.load(from), v128.load(r2)),
    f32x4.sub(v128.load(from + pixel), v128.load(r2 + pixel)),
    f32x4.sub(v128.load(from + p2), v128.load(r2 + p2)),
    f32x4.sub(v128.load(from + p3), v128.load(r2 + p3)),
  );
  const x10 = v128.load(r1), x11 = v128.load(r1 + pixel), x12 = v128.load(r1 + p2), x13 = v128.load(r1 + p3);
  const x20 = v128.load(r2), x21 = v128.load(r2 + pixel), x22 = v128.load(r2 + p2), x23 = v128.load(r2 + p3);
  to += 4 * step;
  inputRow(to, step, f32x4.add(x10, x20), f32x4.add(x11, x21), f32x4.add(x12, x22), f32x4.add(x13, x23));
  to += 4 * step;
  inputRow(to, step, f32x4.sub(x20, x10), f32x4.sub(x21, x11), f32x4.sub(x22, x12), f32x4.sub(x23, x13));
  to += 4 * step;
  inputRow(
    to, step,
    f32x4.sub(x10, v128.load(r3)),
    f32x4.sub(x11, v128.load(r3 + pixel)),
    f32x4.sub(x12, v128.load(r3 + p2)),
    f32x4.sub(x13, v128.load(r3 + p3)),
  );
}

/** Row `row` (0 or 1) of A' m: of column `column` of the components, which are `step` bytes apart. */
// @ts-ignore: decorator
@inline
function outputColumn(m: usize, step: usize, row: i32): v128 {
  const m1 = v128.load(m + 4 * step), m2 = v128.load(m + 8 * step);
  return row == 0
    ? f32x4.add(f32x4.add(v128.load(m), m1), m2)
    : f32x4.sub(f32x4.sub(m1, m2), v128.load(m + 12 * step));
}

/**
 * Row `row` of A' m A, plus a bias, of four outputs.
 *
 * @param isWhole whether the second pixel is inside the image
 */
// @ts-ignore: decorator
@inline
export function transformOutput(
  to: usize,
  pixel: usize,
  m: usize,
  step: usize,
  bias: v128,
  row: i32,
  isWhole: bool,
): void {
  const s0 = outputColumn(m, step, row), s1 = outputColumn(m + step, step, row);
  const s2 = outputColumn(m + 2 * step, step, row), s3 = outputColumn(m + 3 * step, step, row);
  v128.store(to, f32x4.add(f32x4.add(f32x4.add(s0, s1), s2), bias));
  if (isWhole) v128.store(to + pixel, f32x4.add(f32x4.sub(f32x4.sub(s1, s2), s3), bias));
}

/** A dy A' of four outputs: d00 and d01 above d10 and d11. */
// @ts-ignore: decorator
@inline
export function transformGradient(to: usize, step: usize, d00: v128, d01: v128, d10: v128, d11: v128): void {
  gradientRow(to, step, d00, d01);
  gradientRow(to + 4 * step, step, f32x4.add(d00, d10), f32x4.add(d01, d11));
  gradientRow(to + 8 * step, step, f32x4.sub(d00, d10), f32x4.sub(d01, d11));
  gradientRow(to + 12 * step, step, f32x4.neg(d10), f32x4.neg(d11));
}

// @ts-ignore: decorator
@inline
function gradientRow(to: usize, step: usize, left: v128, right: v128): void {
  v128.store(to, left);
  v128.store(to + step, f32x4.add(left, right));
  v128.store(to + 2 * step, f32x4.sub(left, right));
  v128.store(to + 3 * step, f32x4.neg(right));
}
