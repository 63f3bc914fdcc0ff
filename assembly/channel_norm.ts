// Normalization of the channels of images, by statistics of the batch, and its gradient.
import { loadUpTo, madd, storeUpTo } from "./simd";

/** y = (x - mean) inverse weight + bias of images `begin` to `end`; y, x: B x (positions C), y may be x. */
export function channelNormForward(
  y: usize,
  x: usize,
  statistics: usize,
  weight: usize,
  bias: usize,
  positions: i32,
  channels: i32,
  begin: i32,
  end: i32,
): void {
  const stride = <usize>channels << 2;
  const imageBytes = <usize>positions * stride;
  for (let b = begin; b < end; b++) {
    const image = <usize>b * imageBytes;
    for (let c = 0; c < channels; c += 4) {
      const count = min(channels - c, 4);
      const at = <usize>c << 2;
      const mean = loadUpTo(statistics + at, count);
      const factor = f32x4.mul(loadUpTo(statistics + stride + at, count), loadUpTo(weight + at, count));
      const shift = loadUpTo(bias + at, count);
      for (let p = image + at; p < image + imageBytes; p += stride) {
        const difference = f32x4.sub(loadUpTo(x + p, count), mean);
        storeUpTo(y + p, madd(difference, factor, shift), count);
      }
    }
  }
}

/**
 * With M values of a channel, n = (x - mean) inverse: dx = weight inverse (dy - dbias / M - n dweight / M), of images `begin`
 * to `end`; dx may be dy.
 */
export function channelNormBackward(
  dx: usize,
  dy: usize,
  x: usize,
  statistics: usize,
  weight: usize,
  dweight: usize,
  dbias: usize,
  images: i32,
  positions: i32,
  channels: i32,
  begin: i32,
  end: i32,
): void {
  const stride = <usize>channels << 2;
  const imageBytes = <usize>positions * stride;
  const share = f32x4.splat(<f32>(1 / (<f64>images * <f64>positions)));
  for (let b = begin; b < end; b++) {
    const image = <usize>b * imageBytes;
    for (let c = 0; c < channels; c += 4) {
      const count = min(channels - c, 4);
      const at = <usize>c << 2;
      const mean = loadUpTo(statistics + at, count);
      const inverse = loadUpTo(statistics + stride + at, count);
      const factor = f32x4.mul(inverse, loadUpTo(weight + at, count));
      const plain = f32x4.mul(loadUpTo(dbias + at, count), share);
      const scaled = f32x4.mul(loadUpTo(dweight + at, count), share);
      for (let p = image + at; p < image + imageBytes; p += stride) {
        const normal = f32x4.mul(f32x4.sub(loadUpTo(x + p, count), mean), inverse);
        const rest = f32x4.sub(f32x4.sub(loadUpTo(dy + p, count), plain), f32x4.mul(normal, scaled));
        storeUpTo(dx + p, f32x4.mul(factor, rest), count);
      }
    }
  }
}
