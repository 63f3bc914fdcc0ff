// The gradient of a convolution's weights by Winograd's transforms (winograd.ts): dW = G' [sum over tiles of (B' x B)' (A dy A')] G.
// Images are shared out as in weight_gradient.ts.
import { MR, NR } from "../gemm/blocking";
import { madd } from "../simd";
import { microkernelStrided } from "./microkernel_strided";
import { clearPadded, padImage } from "./pad_image";
import {
  channelsOf,
  outHeight,
  outputsOf,
  outWidth,
  paddedBytes,
  paddedWidth,
  sourceHeight,
  sourceWidth,
} from "./shape";
import { addRows } from "./weight_gradient";
import { COMPONENTS, tileAt, tilesAcross, tilesDown, transformGradient, transformInput } from "./winograd";

/** Tiles whose transforms are in memory at a time, about: the host reckons the same (lib/backends/wasm/convolution_pass.ts). */
const TILES: i32 = 64;

/** Partials `begin` to `end`, as convolveWeights leaves them. */
export function winogradWeights(
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
  const channels = channelsOf(shape), outputs = outputsOf(shape);
  const down = tilesDown(shape), across = tilesAcross(shape);
  const rowsAtOnce = max(1, TILES / across);
  const tiles = min(rowsAtOnce, down) * across;
  const sums = padded + paddedBytes(shape);
  // Rows of whole tiles of C.
  const rows = (channels + MR - 1) / MR * MR;
  const sumBytes = <usize>(COMPONENTS * rows * outputs) << 2;
  const gradients = sums + sumBytes;
  const inputs = gradients + (<usize>(COMPONENTS * tiles * outputs) << 2);
  const imageBytes = <usize>(sourceHeight(shape) * sourceWidth(shape) * channels) << (bytes ? 0 : 2);
  const positions = outHeight(shape) * outWidth(shape);
  const outBytes = <usize>(positions * outputs) << 2;
  const partialBytes = <usize>((9 * channels + 1) * outputs) << 2;
  const stride = <usize>outputs << 2;
  const inputStep = <usize>(tiles * channels) << 2, gradientStep = <usize>tiles * stride;
  const pixel = <usize>channels << 2;
  clearPadded(padded, shape);
  for (let s = begin; s < end; s++) {
    const partial = partials + <usize>s * partialBytes;
    memory.fill(partial, 0, partialBytes);
    memory.fill(sums, 0, sumBytes);
    const last = <i32>(<i64>images * (s + 1) / parts);
    for (let b = <i32>(<i64>images * s / parts); b < last; b++) {
      padImage(padded, x + <usize>b * imageBytes, shape, bytes);
      const gradient = dy + <usize>b * outBytes;
      for (let row = 0; row < down; row += rowsAtOnce) {
        const first = row * across, count = min(rowsAtOnce, down - row) * across;
        takeInputs(inputs, inputStep, padded, shape, first, count);
        takeGradients(gradients, gradientStep, gradient, shape, first, count);
        for (let k = 0; k < COMPONENTS; k++) {
          const a = inputs + <usize>k * inputStep;
          const by = gradients + <usize>k * gradientStep;
          const to = sums + <usize>(k * rows) * stride;
          for (let c = 0; c < channels; c += MR) {
            for (let j = 0; j < outputs; j += NR) {
              const at = <usize>j << 2;
              microkernelStrided(
                to + <usize>c * stride + at, stride, a + (<usize>c << 2), pixel, inputStep, by + at, stride, 1, count,
              );
            }
          }
        }
      }
      if (hasBias) addRows(partial + (<usize>(9 * channels * outputs) << 2), gradient, positions, outputs);
    }
    giveWeights(partial, sums, channels, rows, outputs);
  }
}

function takeInputs(to: usize, step: usize, padded: usize, shape: usize, first: i32, count: i32): void {
  const pixel = <usize>channelsOf(shape) << 2;
  const line = <usize>paddedWidth(shape) * pixel;
  for (let t = 0; t < count; t++) {
    const from = tileAt(padded, shape, first + t);
    for (let c: usize = 0; c < pixel; c += 16) transformInput(to + c, step, from + c, pixel, line);
    to += pixel;
  }
}

/** Outputs of a tile that are outside the image have no gradient. */
function takeGradients(to: usize, step: usize, dy: usize, shape: usize, first: i32, count: i32): void {
  const pixel = <usize>outputsOf(shape) << 2;
  const line = <usize>outWidth(shape) * pixel;
  const across = tilesAcross(shape);
  const zero = f32x4.splat(0);
  for (let t = 0; t < count; t++) {
    const p = (first + t) / across;
    const q = first + t - p * across;
    const from = dy + <usize>(2 * p) * line + <usize>(2 * q) * pixel;
    const isWide = 2 * q + 1 < outWidth(shape), isHigh = 2 * p + 1 < outHeight(shape);
    for (let o: usize = 0; o < pixel; o += 16) {
      const at = from + o;
      transformGradient(
        to + o, step,
        v128.load(at),
        isWide ? v128.load(at + pixel) : zero,
        isHigh ? v128.load(at + line) : zero,
        isWide && isHigh ? v128.load(at + line + pixel) : zero,
      );
    }
    to += pixel;
  }
}

/** partial = G' s G. @param rows of a component's sums */
function giveWeights(partial: usize, sums: usize, channels: i32, rows: i32, outputs: i32): void {
  const stride = <usize>outputs << 2;
  const step = <usize>rows * stride;
  const tap = <usize>channels * stride;
  const half = f32x4.splat(0.5);
  for (let at: usize = 0; at < tap; at += 16) {
    for (let j = 0; j < 3; j++) {
      // Column j of s G, of the four rows of s.
      const s0 = column(sums + at, step, j, half), s1 = column(sums + at + 4 * step, step, j, half);
      const s2 = column(sums + at + 8 * step, step, j, half), s3 = column(sums + at + 12 * step, step, j, half);
      const to = partial + at + <usize>j * tap;
      const both = f32x4.add(s1, s2);
      v128.store(to, madd(both, half, s0));
      v128.store(to + 3 * tap, f32x4.mul(f32x4.sub(s1, s2), half));
      v128.store(to + 6 * tap, madd(both, half, s3));
    }
  }
}

// @ts-ignore: decorator
@inline
function column(from: usize, step: usize, j: i32, half: v128): v128 {
  const s1 = v128.load(from + step), s2 = v128.load(from + 2 * step);
  if (j == 1) return f32x4.mul(f32x4.sub(s1, s2), half);
  return madd(f32x4.add(s1, s2), half, v128.load(j == 0 ? from : from + 3 * step));
}
