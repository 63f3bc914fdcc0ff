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
      for (let c = 0; c < channels; c += 4) {
        const count = min(channels - c, 4);
        const at = <usize>c << 2;
        const mean = loadUpTo(statistics + at, count);
        const inverse = loadUpTo(statistics + stride + at, count);
        let plain = f32x4.splat(0), scaled = plain;
        for (let p = image + at; p < image + imageBytes; p += stride) {
          const gradient = loadUpTo(dy + p, count);
          const normal = f32x4.mul(f32x4.sub(loadUpTo(x + p, count), mean), inverse);
          plain = f32x4.add(plain, gradient);
          scaled = madd(gradient, normal, scaled);
        }
        storeUpTo(to + at, f32x4.add(loadUpTo(to + at, count), plain), count);
        storeUpTo(to + stride + at, f32x4.add(loadUpTo(to + stride + at, count), scaled), count);
      }
    }
  }
}
