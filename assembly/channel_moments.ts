// Mean and spread of each channel in parts of a batch (T. F. Chan et al., 1983): of each image, whose two passes find it in
// the cache, and from image to image. How a batch is cut does not depend on the threads that share its parts. Sixteen channels
// at a time are a cache line, and four sums that do not wait for each other.
import { loadUpTo, madd, storeUpTo } from "./simd";

/**
 * Parts `begin` to `end`.
 *
 * @param moments S x 2C float32: of a part the means, then the sums of squared differences from them
 * @param x       B x (positions C)
 * @param images  B, of which part s has floor(B s / S) to floor(B (s + 1) / S)
 */
export function channelMoments(
  moments: usize,
  x: usize,
  images: i32,
  positions: i32,
  channels: i32,
  parts: i32,
  begin: i32,
  end: i32,
): void {
  const stride = <usize>channels << 2;
  const imageBytes = <usize>positions * stride;
  const share = f32x4.splat(<f32>1 / <f32>positions);
  for (let s = begin; s < end; s++) {
    const means = moments + 2 * <usize>s * stride;
    const first = <i32>(<i64>images * s / parts);
    const last = <i32>(<i64>images * (s + 1) / parts);
    for (let c = 0; c < channels; c += 4) {
      const at = <usize>c << 2;
      storeUpTo(means + at, f32x4.splat(0), min(channels - c, 4));
      storeUpTo(means + stride + at, f32x4.splat(0), min(channels - c, 4));
    }
    for (let b = first; b < last; b++) {
      const image = x + <usize>b * imageBytes;
      const bottom = image + imageBytes;
      const before = <f32>(b - first);
      // Of what is there so far and the image: how much the image moves the mean, and how much their means' distance counts.
      const part = f32x4.splat(<f32>1 / (before + 1));
      const weight = f32x4.splat(<f32>positions * before / (before + 1));
      let c = 0;
      for (; c + 16 <= channels; c += 16) {
        const at = <usize>c << 2;
        let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
        for (let p = image + at; p < bottom; p += stride) {
          s0 = f32x4.add(s0, v128.load(p));
          s1 = f32x4.add(s1, v128.load(p, 16));
          s2 = f32x4.add(s2, v128.load(p, 32));
          s3 = f32x4.add(s3, v128.load(p, 48));
        }
        const m0 = f32x4.mul(s0, share), m1 = f32x4.mul(s1, share);
        const m2 = f32x4.mul(s2, share), m3 = f32x4.mul(s3, share);
        s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
        for (let p = image + at; p < bottom; p += stride) {
          s0 = addSquare(s0, f32x4.sub(v128.load(p), m0));
          s1 = addSquare(s1, f32x4.sub(v128.load(p, 16), m1));
          s2 = addSquare(s2, f32x4.sub(v128.load(p, 32), m2));
          s3 = addSquare(s3, f32x4.sub(v128.load(p, 48), m3));
        }
        join(means + at, stride, m0, s0, part, weight, 4);
        join(means + at + 16, stride, m1, s1, part, weight, 4);
        join(means + at + 32, stride, m2, s2, part, weight, 4);
        join(means + at + 48, stride, m3, s3, part, weight, 4);
      }
      for (; c < channels; c += 4) {
        const count = min(channels - c, 4);
        const at = <usize>c << 2;
        let sum = f32x4.splat(0);
        for (let p = image + at; p < bottom; p += stride) sum = f32x4.add(sum, loadUpTo(p, count));
        const mean = f32x4.mul(sum, share);
        let squares = f32x4.splat(0);
        for (let p = image + at; p < bottom; p += stride) {
          squares = addSquare(squares, f32x4.sub(loadUpTo(p, count), mean));
        }
        join(means + at, stride, mean, squares, part, weight, count);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addSquare(sum: v128, difference: v128): v128 {
  return madd(difference, difference, sum);
}

/** Adds an image's moments to those of the images before it. @param means of these; their squares are `stride` further */
function join(
  means: usize,
  stride: usize,
  mean: v128,
  squares: v128,
  part: v128,
  weight: v128,
  count: i32,
): void {
  const old = loadUpTo(means, count);
  const distance = f32x4.sub(mean, old);
  storeUpTo(means, madd(distance, part, old), count);
  const spread = f32x4.mul(f32x4.mul(distance, distance), weight);
  const all = f32x4.add(loadUpTo(means + stride, count), squares);
  storeUpTo(means + stride, f32x4.add(all, spread), count);
}
