// Convolutions with a group for every channel: nothing is shared that a product could gain by, so each tap of the window is
// one multiply-add of neighboring channels. Images are padded and shared out as in convolve.ts and weight_gradient.ts.
import { loadUpTo, madd, storeUpTo } from "../simd";
import { clearPadded, padImage } from "./pad_image";
import {
  channelsOf,
  kernelHeight,
  kernelWidth,
  outHeight,
  outWidth,
  paddedWidth,
  sourceHeight,
  sourceWidth,
  strideOf,
} from "./shape";

/**
 * y = bias + alpha W x of images `begin` to `end`; W is (K L) x C.
 *
 * @param turned whether the window is turned around, as for the gradient of an input
 */
export function depthwiseImages(
  y: usize,
  x: usize,
  w: usize,
  bias: usize,
  shape: usize,
  scratch: usize,
  scratchBytes: i32,
  bytes: bool,
  alpha: f32,
  turned: bool,
  member: i32,
  begin: i32,
  end: i32,
): void {
  const padded = scratch + <usize>member * <usize>scratchBytes;
  const channels = channelsOf(shape);
  const size: usize = bytes ? 0 : 2;
  const imageBytes = <usize>(sourceHeight(shape) * sourceWidth(shape) * channels) << size;
  const down = outHeight(shape), across = outWidth(shape);
  const pixel = <usize>channels << 2;
  const step = pixel * <usize>strideOf(shape);
  const line = pixel * <usize>paddedWidth(shape);
  const rows = kernelHeight(shape), columns = kernelWidth(shape);
  // From a row of the window to the next one.
  const skip = line - pixel * <usize>columns;
  const first = turned ? w + <usize>(rows * columns - 1) * pixel : w;
  const next: isize = turned ? -(<isize>pixel) : <isize>pixel;
  const scale = f32x4.splat(alpha);
  clearPadded(padded, shape);
  for (let b = begin; b < end; b++) {
    padImage(padded, x + <usize>b * imageBytes, shape, bytes);
    let to = y + <usize>b * <usize>(down * across) * pixel;
    for (let p = 0; p < down; p++) {
      for (let q = 0; q < across; q++) {
        const window = padded + <usize>(p * strideOf(shape)) * line + <usize>q * step;
        for (let c = 0; c < channels; c += 4) {
          const count = min(channels - c, 4);
          const at = <usize>c << 2;
          let sum = f32x4.splat(0);
          let tap = first + at;
          let from = window + at;
          for (let k = 0; k < rows; k++) {
            for (let l = 0; l < columns; l++) {
              sum = madd(loadUpTo(from, count), loadUpTo(tap, count), sum);
              from += pixel;
              tap = <usize>(<isize>tap + next);
            }
            from += skip;
          }
          sum = f32x4.mul(sum, scale);
          if (bias) sum = f32x4.add(sum, loadUpTo(bias + at, count));
          storeUpTo(to + at, sum, count);
        }
        to += pixel;
      }
    }
  }
}

/** Partials `begin` to `end`, as convolveWeights leaves them. */
export function depthwiseWeights(
  partials: usize,
  x: usize,
  dy: usize,
  shape: usize,
  scratch: usize,
  scratchBytes: i32,
  bytes: bool,
  images: i32,
  parts: i32,
  hasBias: bool,
  member: i32,
  begin: i32,
  end: i32,
): void {
  const padded = scratch + <usize>member * <usize>scratchBytes;
  const channels = channelsOf(shape);
  const size: usize = bytes ? 0 : 2;
  const imageBytes = <usize>(sourceHeight(shape) * sourceWidth(shape) * channels) << size;
  const down = outHeight(shape), across = outWidth(shape);
  const pixel = <usize>channels << 2;
  const step = pixel * <usize>strideOf(shape);
  const line = pixel * <usize>paddedWidth(shape);
  const rows = kernelHeight(shape), columns = kernelWidth(shape);
  const partialBytes = <usize>(rows * columns + 1) * pixel;
  clearPadded(padded, shape);
  for (let s = begin; s < end; s++) {
    const partial = partials + <usize>s * partialBytes;
    memory.fill(partial, 0, partialBytes);
    const last = <i32>(<i64>images * (s + 1) / parts);
    for (let b = <i32>(<i64>images * s / parts); b < last; b++) {
      padImage(padded, x + <usize>b * imageBytes, shape, bytes);
      const gradient = dy + <usize>b * <usize>(down * across) * pixel;
      for (let c = 0; c < channels; c += 4) {
        const count = min(channels - c, 4);
        let to = partial + (<usize>c << 2);
        for (let tap = 0; tap < rows * columns + i32(hasBias); tap++) {
          // After the taps comes the bias, whose input is one everywhere.
          const isBias = tap == rows * columns;
          const k = tap / columns;
          let from = padded + <usize>k * line + <usize>(tap - k * columns) * pixel + (<usize>c << 2);
          let by = gradient + (<usize>c << 2);
          let sum = loadUpTo(to, count);
          for (let p = 0; p < down; p++) {
            let at = from;
            for (let q = 0; q < across; q++) {
              const value = loadUpTo(by, count);
              sum = isBias ? f32x4.add(sum, value) : madd(value, loadUpTo(at, count), sum);
              at += step;
              by += pixel;
            }
            from += line * <usize>strideOf(shape);
          }
          storeUpTo(to, sum, count);
          to += pixel;
        }
      }
    }
  }
}
