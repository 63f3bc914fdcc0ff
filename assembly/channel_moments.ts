// Mean and spread of each channel in parts of a batch (T. F. Chan et al., 1983): of each image, whose two passes find it in
// the cache, and from image to image. How a batch is cut does not depend on the threads that share its parts.
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
      for (let c = 0; c < channels; c += 4) {
        const count = min(channels - c, 4);
        const at = <usize>c << 2;
        let sum = f32x4.splat(0);
        for (let p = image + at; p < bottom; p += stride) sum = f32x4.add(sum, loadUpTo(p, count));
        const mean = f32x4.mul(sum, share);
        let squares = f32x4.splat(0);
        for (let p = image + at; p < bottom; p += stride) {
          const difference = f32x4.sub(loadUpTo(p, count), mean);
          squares = madd(difference, difference, squares);
        }
        const old = loadUpTo(means + at, count);
        const distance = f32x4.sub(mean, old);
        storeUpTo(means + at, madd(distance, part, old), count);
        const spread = f32x4.mul(f32x4.mul(distance, distance), weight);
        const all = f32x4.add(loadUpTo(means + stride + at, count), squares);
        storeUpTo(means + stride + at, f32x4.add(all, spread), count);
      }
    }
  }
}
