// The gradient of a convolution's weights: dW = A' dy, where A are the windows that convolve.ts gathers. Its steps are the
// positions of all images, far more than it has elements, so images are shared out: a batch has `parts`, whatever the number
// of threads, each with a sum of its own (a partial), and the partials are added in their order.
import { MR, NR } from "../gemm/blocking";
import { copyTile } from "../gemm/gemm";
import { B_STEP } from "../gemm/pack";
import { loadUpTo, storeUpTo } from "../simd";
import { microkernelStrided, microkernelStrided3x16 } from "./microkernel_strided";
import { clearPadded, padImage } from "./pad_image";
import {
  channelsOf,
  groupsOf,
  offsetOf,
  outHeight,
  outputsOf,
  outWidth,
  paddedBytes,
  paddedWidth,
  runOf,
  sourceHeight,
  sourceWidth,
  stepsOf,
  strideOf,
} from "./shape";

const CORNER: usize = <usize>(MR * NR) << 2;

/**
 * Partials `begin` to `end`, each (K L C / G + 1) x O: dW, then the sums of dy, the gradient of a bias if there is one.
 *
 * @param images  B, of which part s has floor(B s / parts) to floor(B (s + 1) / parts)
 * @param scratch as for convolveImages
 */
export function convolveWeights(
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
  scratch += <usize>member * <usize>scratchBytes;
  const padded = scratch + CORNER;
  const numbers = sourceHeight(shape) * sourceWidth(shape) * channelsOf(shape);
  const imageBytes = <usize>numbers << (bytes ? 0 : 2);
  const positions = outHeight(shape) * outWidth(shape);
  const outputs = outputsOf(shape);
  const outBytes = <usize>(positions * outputs) << 2;
  const groups = groupsOf(shape);
  const steps = stepsOf(shape);
  const partialBytes = <usize>((steps + 1) * outputs) << 2;
  clearPadded(padded, shape);
  for (let s = begin; s < end; s++) {
    const partial = partials + <usize>s * partialBytes;
    memory.fill(partial, 0, partialBytes);
    const last = <i32>(<i64>images * (s + 1) / parts);
    for (let b = <i32>(<i64>images * s / parts); b < last; b++) {
      padImage(padded, x + <usize>b * imageBytes, shape, bytes);
      const gradient = dy + <usize>b * outBytes;
      for (let group = 0; group < groups; group++) {
        addGroup(partial, gradient, shape, scratch, group);
      }
      if (hasBias) addRows(partial + (<usize>(steps * outputs) << 2), gradient, positions, outputs);
    }
  }
}

/** sums += the sum of `rows` rows. */
export function addRows(sums: usize, rows: usize, count: i32, columns: i32): void {
  const stride = <usize>columns << 2;
  const bottom = rows + <usize>count * stride;
  for (let j = 0; j < columns; j += 4) {
    const at = <usize>j << 2;
    const left = min(columns - j, 4);
    let sum = loadUpTo(sums + at, left);
    for (let p = rows; p < bottom; p += stride) sum = f32x4.add(sum, loadUpTo(p + at, left));
    storeUpTo(sums + at, sum, left);
  }
}

/**
 * Adds what one image gives to the weights of a group. A tile's six taps lie in one run, so that they are side by side at every
 * position; of the last tile of a run, those beyond it are computed, and not stored.
 */
function addGroup(partial: usize, dy: usize, shape: usize, scratch: usize, group: i32): void {
  const padded = scratch + CORNER;
  const packedB = padded + paddedBytes(shape);
  const steps = stepsOf(shape);
  const run = runOf(shape);
  const down = outHeight(shape), across = outWidth(shape);
  const outputs = outputsOf(shape);
  const width = outputs / groupsOf(shape);
  const stride = <usize>outputs << 2;
  const pixel = <usize>(strideOf(shape) * channelsOf(shape)) << 2;
  const line = <usize>(strideOf(shape) * channelsOf(shape) * paddedWidth(shape)) << 2;
  const rest = width & (NR - 1);
  const whole = width - rest;
  // Eight values would reach beyond the last pixel's.
  if (rest) packColumns(packedB, dy + (<usize>(group * width + whole) << 2), stride, down * across, rest);
  // Runs of three, as those of one channel and a window of three, have a tile of their own.
  const wide = run == 3 ? width & ~15 : 0;
  for (let first = 0; first < steps; first += run) {
    const from = padded + offsetOf(shape, group, first);
    for (let j = 0; j < wide; j += 16) {
      const at = <usize>(group * width + j) << 2;
      const to = partial + <usize>first * stride + at;
      microkernelStrided3x16(to, stride, from, pixel, line, dy + at, stride, down, across);
    }
    for (let k = 0; k < run; k += MR) {
      const rows = min(run - k, MR);
      const a = from + (<usize>k << 2);
      const corner = partial + <usize>(first + k) * stride + (<usize>(group * width) << 2);
      for (let j = wide; j < width; j += NR) {
        const isRest = j == whole;
        const b = isRest ? packedB : dy + (<usize>(group * width + j) << 2);
        const bStep = isRest ? B_STEP : stride;
        const to = corner + (<usize>j << 2);
        if (rows < MR || isRest) {
          memory.fill(scratch, 0, CORNER);
          microkernelStrided(scratch, <usize>NR << 2, a, pixel, line, b, bStep, down, across);
          copyTile(to, stride, scratch, true, rows, width - j);
        } else microkernelStrided(to, stride, a, pixel, line, b, bStep, down, across);
      }
    }
  }
}

/** The last `count` columns of a group's gradient, with zeros up to NR. */
function packColumns(to: usize, from: usize, stride: usize, positions: i32, count: i32): void {
  for (let p = 0; p < positions; p++) {
    for (let j = 0; j < NR; j++) {
      const at = <usize>j << 2;
      store<f32>(to + at, j < count ? load<f32>(from + at) : 0);
    }
    to += B_STEP;
    from += stride;
  }
}

/**
 * Numbers `begin` to `end` (begin a multiple of 4) of alpha times the sum of the partials.
 *
 * @param partials     of `stride` numbers each, from the first of the wanted ones on
 */
export function convolveSum(
  sums: usize,
  partials: usize,
  stride: i32,
  parts: i32,
  alpha: f32,
  begin: i32,
  end: i32,
): void {
  const partialBytes = <usize>stride << 2;
  for (let i = begin; i < end; i += 4) {
    const count = min(end - i, 4);
    let from = partials + (<usize>i << 2);
    let sum = loadUpTo(from, count);
    for (let s = 1; s < parts; s++) {
      from += partialBytes;
      sum = f32x4.add(sum, loadUpTo(from, count));
    }
    storeUpTo(sums + (<usize>i << 2), f32x4.mul(sum, f32x4.splat(alpha)), count);
  }
}
