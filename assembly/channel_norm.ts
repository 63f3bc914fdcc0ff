// Normalization of the channels of images, by statistics of the batch, and its gradient: of every number a line, whose factors
// are worked out once for each channel. Sixteen channels at a time are a cache line.
import { loadUpTo, madd, storeUpTo } from "./simd";

/**
 * y = (x - mean) inverse weight + bias of images `begin` to `end`: x factor + shift. y, x: B x (positions C), y may be x;
 * statistics: mean and inverse, 2 x C.
 */
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
    const bottom = image + imageBytes;
    let c = 0;
    for (; c + 16 <= channels; c += 16) {
      const at = <usize>c << 2;
      const f0 = factorOf(statistics, weight, stride, at, 4), f1 = factorOf(statistics, weight, stride, at + 16, 4);
      const f2 = factorOf(statistics, weight, stride, at + 32, 4), f3 = factorOf(statistics, weight, stride, at + 48, 4);
      const s0 = shiftOf(statistics, bias, f0, at, 4), s1 = shiftOf(statistics, bias, f1, at + 16, 4);
      const s2 = shiftOf(statistics, bias, f2, at + 32, 4), s3 = shiftOf(statistics, bias, f3, at + 48, 4);
      for (let p = image + at; p < bottom; p += stride) {
        v128.store(y + p, madd(v128.load(x + p), f0, s0));
        v128.store(y + p, madd(v128.load(x + p, 16), f1, s1), 16);
        v128.store(y + p, madd(v128.load(x + p, 32), f2, s2), 32);
        v128.store(y + p, madd(v128.load(x + p, 48), f3, s3), 48);
      }
    }
    for (; c < channels; c += 4) {
      const count = min(channels - c, 4);
      const at = <usize>c << 2;
      const factor = factorOf(statistics, weight, stride, at, count);
      const shift = shiftOf(statistics, bias, factor, at, count);
      for (let p = image + at; p < bottom; p += stride) {
        storeUpTo(y + p, madd(loadUpTo(x + p, count), factor, shift), count);
      }
    }
  }
}

/** inverse weight. */
export function factorOf(statistics: usize, weight: usize, stride: usize, at: usize, count: i32): v128 {
  return f32x4.mul(loadUpTo(statistics + stride + at, count), loadUpTo(weight + at, count));
}

/** bias - mean factor. */
export function shiftOf(statistics: usize, bias: usize, factor: v128, at: usize, count: i32): v128 {
  return f32x4.sub(loadUpTo(bias + at, count), f32x4.mul(loadUpTo(statistics + at, count), factor));
}

/**
 * With M values of a channel, n = (x - mean) inverse: dx = weight inverse (dy - dbias / M - n dweight / M), of images `begin`
 * to `end`: factor dy - slope x + shift. dx may be dy.
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
  for (let c = 0; c < channels; c += 8) {
    const at = <usize>c << 2;
    const left = min(channels - c, 4), right = min(channels - c - 4, 4);
    const f0 = factorOf(statistics, weight, stride, at, left);
    const k0 = slopeOf(statistics, dweight, f0, share, stride, at, left);
    const s0 = restOf(statistics, dbias, f0, k0, share, at, left);
    if (right < 4) {
      for (let b = begin; b < end; b++) {
        const image = <usize>b * imageBytes;
        for (let p = image + at; p < image + imageBytes; p += stride) {
          const line = madd(loadUpTo(x + p, left), k0, s0);
          storeUpTo(dx + p, madd(loadUpTo(dy + p, left), f0, line), left);
        }
      }
      // What is left of eight comes next.
      if (right > 0) c -= 4;
      continue;
    }
    const f1 = factorOf(statistics, weight, stride, at + 16, 4);
    const k1 = slopeOf(statistics, dweight, f1, share, stride, at + 16, 4);
    const s1 = restOf(statistics, dbias, f1, k1, share, at + 16, 4);
    for (let b = begin; b < end; b++) {
      const image = <usize>b * imageBytes;
      for (let p = image + at; p < image + imageBytes; p += stride) {
        v128.store(dx + p, madd(v128.load(dy + p), f0, madd(v128.load(x + p), k0, s0)));
        v128.store(dx + p, madd(v128.load(dy + p, 16), f1, madd(v128.load(x + p, 16), k1, s1)), 16);
      }
    }
  }
}

/** -factor inverse dweight / M. */
export function slopeOf(
  statistics: usize,
  dweight: usize,
  factor: v128,
  share: v128,
  stride: usize,
  at: usize,
  count: i32,
): v128 {
  const scaled = f32x4.mul(loadUpTo(dweight + at, count), share);
  const inverse = loadUpTo(statistics + stride + at, count);
  return f32x4.neg(f32x4.mul(f32x4.mul(factor, inverse), scaled));
}

/** -factor dbias / M - mean slope. */
export function restOf(
  statistics: usize,
  dbias: usize,
  factor: v128,
  slope: v128,
  share: v128,
  at: usize,
  count: i32,
): v128 {
  const plain = f32x4.mul(f32x4.mul(loadUpTo(dbias + at, count), share), factor);
  return f32x4.neg(f32x4.add(plain, f32x4.mul(loadUpTo(statistics + at, count), slope)));
}
