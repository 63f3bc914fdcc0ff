// Normalized channels, relu, and the largest of each window of 2 x 2 pixels in one pass, and the gradient of all three: the
// normalized image is never in memory, and what is needed of it is worked out anew from x. Windows lie side by side; a rest at
// the right and below is in none. Eight channels at a time: the factors of more would not stay in registers. A number that is
// none makes its channel's statistics none, and with them all z of the channel: pmax, one instruction for eight of max, is enough.
import { factorOf, restOf, shiftOf, slopeOf } from "./channel_norm";
import { loadUpTo, madd, storeUpTo } from "./simd";

/**
 * y = max(0, largest of z) of images `begin` to `end`, z = (x - mean) inverse weight + bias. A NaN stays one.
 *
 * @param y          B x (height / 2  width / 2  C)
 * @param x          B x (height width C)
 * @param statistics mean and inverse, 2 x C
 */
export function channelNormPoolForward(
  y: usize,
  x: usize,
  statistics: usize,
  weight: usize,
  bias: usize,
  height: i32,
  width: i32,
  channels: i32,
  begin: i32,
  end: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  const down = height >> 1, across = width >> 1;
  const outLine = <usize>across * pixel;
  for (let b = begin; b < end; b++) {
    for (let c = 0; c < channels; c += 8) {
      const at = <usize>c << 2;
      const left = min(channels - c, 4), right = min(channels - c - 4, 4);
      const f0 = factorOf(statistics, weight, pixel, at, left);
      const s0 = shiftOf(statistics, bias, f0, at, left);
      let to = y + <usize>(b * down) * outLine + at;
      let row = x + <usize>(b * height) * line + at;
      if (right < 4) {
        for (let p = 0; p < down; p++) {
          const rowEnd = row + 2 * outLine;
          for (let from = row; from < rowEnd; from += 2 * pixel) {
            storeUpTo(to, pooled(from, line, pixel, f0, s0, left), left);
            to += pixel;
          }
          row += 2 * line;
        }
        // What is left of eight comes next.
        if (right > 0) c -= 4;
        continue;
      }
      const f1 = factorOf(statistics, weight, pixel, at + 16, 4);
      const s1 = shiftOf(statistics, bias, f1, at + 16, 4);
      for (let p = 0; p < down; p++) {
        const rowEnd = row + 2 * outLine;
        for (let from = row; from < rowEnd; from += 2 * pixel) {
          v128.store(to, pooled(from, line, pixel, f0, s0, 4));
          v128.store(to, pooled(from + 16, line, pixel, f1, s1, 4), 16);
          to += pixel;
        }
        row += 2 * line;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function pooled(from: usize, line: usize, pixel: usize, factor: v128, shift: v128, count: i32): v128 {
  const below = from + line;
  const z0 = madd(loadUpTo(from, count), factor, shift), z1 = madd(loadUpTo(from + pixel, count), factor, shift);
  const z2 = madd(loadUpTo(below, count), factor, shift), z3 = madd(loadUpTo(below + pixel, count), factor, shift);
  const most = f32x4.pmax(f32x4.pmax(z0, z1), f32x4.pmax(z2, z3));
  // With z first, a NaN stays one.
  return f32x4.pmax(most, f32x4.splat(0));
}

/**
 * dx of images `begin` to `end`, as channelNormBackward has it, where dy goes to the first of the largest z of its window, row
 * by row, if that is above 0. dx may be x.
 *
 * @param dy B x (height / 2  width / 2  C)
 */
export function channelNormPoolBackward(
  dx: usize,
  dy: usize,
  x: usize,
  statistics: usize,
  weight: usize,
  bias: usize,
  dweight: usize,
  dbias: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  begin: i32,
  end: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  const imageBytes = <usize>height * line;
  const down = height >> 1;
  const outLine = <usize>(width >> 1) * pixel;
  const share = f32x4.splat(<f32>(1 / (<f64>images * <f64>height * <f64>width)));
  for (let b = begin; b < end; b++) {
    for (let c = 0; c < channels; c += 4) {
      const at = <usize>c << 2;
      const count = min(channels - c, 4);
      const factor = factorOf(statistics, weight, pixel, at, count);
      const shift = shiftOf(statistics, bias, factor, at, count);
      const slope = slopeOf(statistics, dweight, factor, share, pixel, at, count);
      const rest = restOf(statistics, dbias, factor, slope, share, at, count);
      const image = <usize>b * imageBytes + at;
      const by = dy + <usize>(b * down) * outLine + at;
      if (count == 4) giveImage(dx, x, image, by, pixel, line, height, width, factor, shift, slope, rest, 4);
      else giveImage(dx, x, image, by, pixel, line, height, width, factor, shift, slope, rest, count);
    }
  }
}

/** dx of `count` channels of an image: a copy of it for four, in which no vector is cut. */
// @ts-ignore: decorator
@inline
function giveImage(
  dx: usize,
  x: usize,
  image: usize,
  by: usize,
  pixel: usize,
  line: usize,
  height: i32,
  width: i32,
  factor: v128,
  shift: v128,
  slope: v128,
  rest: v128,
  count: i32,
): void {
  const down = height >> 1;
  const outLine = <usize>(width >> 1) * pixel;
  const imageEnd = image + <usize>height * line;
  let row = image;
  for (let p = 0; p < down; p++) {
    const rowEnd = row + 2 * outLine;
    let place = row;
    for (; place < rowEnd; place += 2 * pixel) {
      const right = place + pixel, below = place + line, across = below + pixel;
      const x0 = loadUpTo(x + place, count), x1 = loadUpTo(x + right, count);
      const x2 = loadUpTo(x + below, count), x3 = loadUpTo(x + across, count);
      const z0 = madd(x0, factor, shift), z1 = madd(x1, factor, shift);
      const z2 = madd(x2, factor, shift), z3 = madd(x3, factor, shift);
      const most = f32x4.pmax(f32x4.pmax(z0, z1), f32x4.pmax(z2, z3));
      let gradient = v128.and(f32x4.mul(loadUpTo(by, count), factor), f32x4.gt(most, f32x4.splat(0)));
      let isMost = f32x4.eq(z0, most);
      storeUpTo(dx + place, f32x4.add(v128.and(gradient, isMost), madd(x0, slope, rest)), count);
      gradient = v128.andnot(gradient, isMost);
      isMost = f32x4.eq(z1, most);
      storeUpTo(dx + right, f32x4.add(v128.and(gradient, isMost), madd(x1, slope, rest)), count);
      gradient = v128.andnot(gradient, isMost);
      isMost = f32x4.eq(z2, most);
      storeUpTo(dx + below, f32x4.add(v128.and(gradient, isMost), madd(x2, slope, rest)), count);
      gradient = v128.andnot(gradient, isMost);
      // The last has what nobody took.
      storeUpTo(dx + across, f32x4.add(gradient, madd(x3, slope, rest)), count);
      by += pixel;
    }
    if (place < row + line) {
      storeUpTo(dx + place, madd(loadUpTo(x + place, count), slope, rest), count);
      place += line;
      storeUpTo(dx + place, madd(loadUpTo(x + place, count), slope, rest), count);
    }
    row += 2 * line;
  }
  for (; row < imageEnd; row += pixel) {
    storeUpTo(dx + row, madd(loadUpTo(x + row, count), slope, rest), count);
  }
}
