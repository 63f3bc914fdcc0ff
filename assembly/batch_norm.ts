// Batch normalization of columns (S. Ioffe and C. Szegedy, 2015) and its gradient. A column's sums are of its rows from
// top to bottom, so the bits do not depend on how the columns are shared out. The variance is of differences from the
// mean, in a second pass: from a sum of squares it would cancel.
import { loadUpTo, madd, storeUpTo } from "./simd";

/**
 * y = (x - mean) inverse weight + bias, by column; columns `begin` to `end` (begin a multiple of 4).
 *
 * @param y          B x O float32, not x
 * @param statistics 2 x O: mean, and inverse = 1 / sqrt(variance + epsilon), the variance being the mean square difference
 * @param running    2 x O, read and written: of means and of unbiased variances, running += momentum (batch's - running)
 * @param x          B x O
 * @param weight     O
 * @param bias       O
 * @param rows       B, at least 2
 */
export function batchNormForward(
  y: usize,
  statistics: usize,
  running: usize,
  x: usize,
  weight: usize,
  bias: usize,
  momentum: f32,
  epsilon: f32,
  rows: i32,
  columns: i32,
  begin: i32,
  end: i32,
): void {
  const stride = <usize>columns << 2;
  const bytes = <usize>rows * stride;
  const share = f32x4.splat(<f32>1 / <f32>rows);
  const unbiased = f32x4.splat(<f32>rows / <f32>(rows - 1));
  const momenta = f32x4.splat(momentum);
  for (let j = begin; j < end; j += 4) {
    const at = <usize>j << 2;
    const count = min(end - j, 4);
    let sum = f32x4.splat(0);
    for (let p: usize = 0; p < bytes; p += stride) sum = f32x4.add(sum, loadUpTo(x + p + at, count));
    const mean = f32x4.mul(sum, share);

    sum = f32x4.splat(0);
    for (let p: usize = 0; p < bytes; p += stride) {
      const difference = f32x4.sub(loadUpTo(x + p + at, count), mean);
      sum = madd(difference, difference, sum);
    }
    const variance = f32x4.mul(sum, share);
    const root = f32x4.sqrt(f32x4.add(variance, f32x4.splat(epsilon)));
    const inverse = f32x4.div(f32x4.splat(1), root);
    storeUpTo(statistics + at, mean, count);
    storeUpTo(statistics + stride + at, inverse, count);

    let old = loadUpTo(running + at, count);
    storeUpTo(running + at, madd(momenta, f32x4.sub(mean, old), old), count);
    old = loadUpTo(running + stride + at, count);
    const change = f32x4.sub(f32x4.mul(variance, unbiased), old);
    storeUpTo(running + stride + at, madd(momenta, change, old), count);

    const factor = f32x4.mul(inverse, loadUpTo(weight + at, count));
    const shift = loadUpTo(bias + at, count);
    for (let p: usize = 0; p < bytes; p += stride) {
      const difference = f32x4.sub(loadUpTo(x + p + at, count), mean);
      storeUpTo(y + p + at, madd(difference, factor, shift), count);
    }
  }
}

/**
 * With n = (x - mean) inverse, and sums over a column's rows; columns `begin` to `end` (begin a multiple of 4):
 *
 *   dweight = sum dy n        dbias = sum dy        dx = weight inverse (dy - dbias / B - n dweight / B)
 *
 * @param dx         B x O float32, may be dy
 * @param dweight    O
 * @param dbias      O
 * @param dy         B x O
 * @param x          B x O
 * @param statistics 2 x O, as batchNormForward left it
 * @param weight     O
 */
export function batchNormBackward(
  dx: usize,
  dweight: usize,
  dbias: usize,
  dy: usize,
  x: usize,
  statistics: usize,
  weight: usize,
  rows: i32,
  columns: i32,
  begin: i32,
  end: i32,
): void {
  const stride = <usize>columns << 2;
  const bytes = <usize>rows * stride;
  const share = f32x4.splat(<f32>1 / <f32>rows);
  for (let j = begin; j < end; j += 4) {
    const at = <usize>j << 2;
    const count = min(end - j, 4);
    const mean = loadUpTo(statistics + at, count);
    const inverse = loadUpTo(statistics + stride + at, count);
    let sum = f32x4.splat(0);
    let product = f32x4.splat(0);
    for (let p: usize = 0; p < bytes; p += stride) {
      const gradient = loadUpTo(dy + p + at, count);
      const normal = f32x4.mul(f32x4.sub(loadUpTo(x + p + at, count), mean), inverse);
      sum = f32x4.add(sum, gradient);
      product = madd(gradient, normal, product);
    }
    storeUpTo(dbias + at, sum, count);
    storeUpTo(dweight + at, product, count);

    const factor = f32x4.mul(inverse, loadUpTo(weight + at, count));
    sum = f32x4.mul(sum, share);
    product = f32x4.mul(product, share);
    for (let p: usize = 0; p < bytes; p += stride) {
      const normal = f32x4.mul(f32x4.sub(loadUpTo(x + p + at, count), mean), inverse);
      const rest = f32x4.sub(f32x4.sub(loadUpTo(dy + p + at, count), sum), f32x4.mul(normal, product));
      storeUpTo(dx + p + at, f32x4.mul(factor, rest), count);
    }
  }
}
