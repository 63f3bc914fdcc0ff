// What the gradient of channel_norm_pool.ts sums over a batch, in parts as channel_moments.ts has them.
import { joinSums } from "./channel_gradient_sums";
import { factorOf, shiftOf } from "./channel_norm";
import { loadUpTo, madd } from "./simd";

/**
 * Parts `begin` to `end`: sums as channelGradientSums has them, of the gradient that each window of 2 x 2 gives to the first of
 * its largest.
 */
export function channelPoolSums(
  sums: usize,
  dy: usize,
  x: usize,
  statistics: usize,
  weight: usize,
  bias: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  parts: i32,
  begin: i32,
  end: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  const down = height >> 1, across = width >> 1;
  const outLine = <usize>across * pixel;
  for (let s = begin; s < end; s++) {
    const to = sums + 2 * <usize>s * pixel;
    const first = <i32>(<i64>images * s / parts);
    const last = <i32>(<i64>images * (s + 1) / parts);
    memory.fill(to, 0, 2 * pixel);
    for (let b = first; b < last; b++) {
      for (let c = 0; c < channels; c += 4) {
        const at = <usize>c << 2;
        const count = min(channels - c, 4);
        const mean = loadUpTo(statistics + at, count);
        const factor = factorOf(statistics, weight, pixel, at, count);
        const shift = shiftOf(statistics, bias, factor, at, count);
        const by = dy + <usize>(b * down) * outLine + at;
        const from = x + <usize>(b * height) * line + at;
        if (count == 4) addImage(to, statistics, at, from, by, pixel, line, down, outLine, mean, factor, shift, 4);
        else addImage(to, statistics, at, from, by, pixel, line, down, outLine, mean, factor, shift, count);
      }
    }
  }
}

/** Adds what `count` channels of an image sum to: a copy of it for four, in which no vector is cut. */
// @ts-ignore: decorator
@inline
function addImage(
  to: usize,
  statistics: usize,
  at: usize,
  row: usize,
  by: usize,
  pixel: usize,
  line: usize,
  down: i32,
  outLine: usize,
  mean: v128,
  factor: v128,
  shift: v128,
  count: i32,
): void {
  let plain = f32x4.splat(0), scaled = plain;
  for (let p = 0; p < down; p++) {
    const rowEnd = row + 2 * outLine;
    for (let from = row; from < rowEnd; from += 2 * pixel) {
      const below = from + line;
      const x0 = loadUpTo(from, count), x1 = loadUpTo(from + pixel, count);
      const x2 = loadUpTo(below, count), x3 = loadUpTo(below + pixel, count);
      const z0 = madd(x0, factor, shift), z1 = madd(x1, factor, shift);
      const z2 = madd(x2, factor, shift), z3 = madd(x3, factor, shift);
      const most = f32x4.pmax(f32x4.pmax(z0, z1), f32x4.pmax(z2, z3));
      const gradient = v128.and(loadUpTo(by, count), f32x4.gt(most, f32x4.splat(0)));
      let largest = v128.bitselect(x2, x3, f32x4.eq(z2, most));
      largest = v128.bitselect(x1, largest, f32x4.eq(z1, most));
      largest = v128.bitselect(x0, largest, f32x4.eq(z0, most));
      plain = f32x4.add(plain, gradient);
      scaled = madd(gradient, f32x4.sub(largest, mean), scaled);
      by += pixel;
    }
    row += 2 * line;
  }
  joinSums(to, statistics, pixel, at, plain, scaled, count);
}
