// What the gradient of normalized channels sums over a batch, in parts as channel_moments.ts has them.
import { loadUpTo, madd, storeUpTo } from "./simd";

/** Parts `begin` to `end`: of each channel the sum of dy, and of dy n with n = (x - mean) inverse. sums: S x 2C float32. */
export function channelGradientSums(
  sums: usize,
  dy: usize,
  x: usize,
  statistics: usize,
  images: i32,
  positions: i32,
  channels: i32,
  parts: i32,
  begin: i32,
  end: i32,
): void {
  const stride = <usize>channels << 2;
  const imageBytes = <usize>positions * stride;
  for (let s = begin; s < end; s++) {
    const to = sums + 2 * <usize>s * stride;
    const first = <i32>(<i64>images * s / parts);
    const last = <i32>(<i64>images * (s + 1) / parts);
    memory.fill(to, 0, 2 * stride);
    for (let b = first; b < last; b++) {
      const image = <usize>b * imageBytes;
      const bottom = image + imageBytes;
      let c = 0;
      for (; c + 8 <= channels; c += 8) {
        const at = <usize>c << 2;
        const m0 = v128.load(statistics + at), m1 = v128.load(statistics + at, 16);
        let p0 = f32x4.splat(0), p1 = p0, s0 = p0, s1 = p0;
        for (let p = image + at; p < bottom; p += stride) {
          const g0 = v128.load(dy + p), g1 = v128.load(dy + p, 16);
          p0 = f32x4.add(p0, g0);
          p1 = f32x4.add(p1, g1);
          s0 = madd(g0, f32x4.sub(v128.load(x + p), m0), s0);
          s1 = madd(g1, f32x4.sub(v128.load(x + p, 16), m1), s1);
        }
        joinSums(to, statistics, stride, at, p0, s0, 4);
        joinSums(to, statistics, stride, at + 16, p1, s1, 4);
      }
      for (; c < channels; c += 4) {
        const count = min(channels - c, 4);
        const at = <usize>c << 2;
        const mean = loadUpTo(statistics + at, count);
        let plain = f32x4.splat(0), scaled = plain;
        for (let p = image + at; p < bottom; p += stride) {
          const gradient = loadUpTo(dy + p, count);
          plain = f32x4.add(plain, gradient);
          scaled = madd(gradient, f32x4.sub(loadUpTo(x + p, count), mean), scaled);
        }
        joinSums(to, statistics, stride, at, plain, scaled, count);
      }
    }
  }
}

/** Adds an image's sums to those before it, the second times the inverse deviation. */
export function joinSums(
  to: usize,
  statistics: usize,
  stride: usize,
  at: usize,
  plain: v128,
  scaled: v128,
  count: i32,
): void {
  storeUpTo(to + at, f32x4.add(loadUpTo(to + at, count), plain), count);
  const inverse = loadUpTo(statistics + stride + at, count);
  storeUpTo(to + stride + at, madd(scaled, inverse, loadUpTo(to + stride + at, count)), count);
}
