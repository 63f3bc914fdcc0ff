// A convolution by Winograd's transforms (winograd.ts): windows of 3 x 3, one apart, of one group, channels and outputs multiples of
// 16. Six tiles at a time are transformed, multiplied component by component and transformed back, all in the first cache.
//
// Each image is computed by one thread, in one order, so the bits do not depend on how images are shared out.
import { MR, NR } from "../gemm/blocking";
import { B_STEP } from "../gemm/pack";
import { writeRow } from "../gemm/microkernel_6x8";
import { madd } from "../simd";
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
import { COMPONENTS, tileAt, tilesAcross, tilesDown, transformInput, transformOutput } from "./winograd";

/** Channels that lie side by side in a tile of A: then come those of the next of its six rows. */
const BLOCK: i32 = 16;
const ROW: usize = <usize>BLOCK << 2;

/**
 * G w G' of panels `begin` to `end`, each of NR outputs: of each component a panel of as many steps as there are channels.
 *
 * @param w      9 C x O
 * @param turned as for convolvePack
 */
export function winogradPack(
  packed: usize,
  w: usize,
  shape: usize,
  alpha: f64,
  turned: bool,
  begin: i32,
  end: i32,
): void {
  const channels = channelsOf(shape), outputs = outputsOf(shape);
  const panels = outputs / NR;
  const panelBytes = <usize>channels * B_STEP;
  const componentBytes = <usize>panels * panelBytes;
  const tapBytes = <usize>(channels * outputs) << 2;
  for (let p = begin; p < end; p++) {
    for (let c = 0; c < channels; c++) {
      for (let j = 0; j < NR; j++) {
        const o = p * NR + j;
        let from = w + (<usize>(turned ? o * channels + c : c * outputs + o) << 2);
        let next = <isize>tapBytes;
        if (turned) {
          from += 8 * tapBytes;
          next = -next;
        }
        let to = packed + <usize>p * panelBytes + <usize>c * B_STEP + (<usize>j << 2);
        for (let i = 0; i < 4; i++) {
          const g0 = mixed(from, 3 * next, i), g1 = mixed(from + next, 3 * next, i), g2 = mixed(from + 2 * next, 3 * next, i);
          store<f32>(to, <f32>(alpha * g0));
          store<f32>(to + componentBytes, <f32>(alpha * 0.5 * (g0 + g1 + g2)));
          store<f32>(to + 2 * componentBytes, <f32>(alpha * 0.5 * (g0 - g1 + g2)));
          store<f32>(to + 3 * componentBytes, <f32>(alpha * g2));
          to += 4 * componentBytes;
        }
      }
    }
  }
}

/** Row `row` of G times a column of three taps. */
function mixed(from: usize, next: isize, row: i32): f64 {
  const w0 = <f64>load<f32>(from);
  if (row == 0) return w0;
  const w2 = <f64>load<f32>(from + 2 * next);
  if (row == 3) return w2;
  const w1 = <f64>load<f32>(from + next);
  return 0.5 * (row == 1 ? w0 + w1 + w2 : w0 - w1 + w2);
}

/** As convolveImages, of what winogradPack left. */
export function winogradImages(
  y: usize,
  x: usize,
  packed: usize,
  bias: usize,
  shape: usize,
  scratch: usize,
  scratchBytes: i32,
  bytes: bool,
  member: i32,
  begin: i32,
  end: i32,
): void {
  const padded = scratch + <usize>member * <usize>scratchBytes;
  const inputs = padded + paddedBytes(shape);
  const channels = channelsOf(shape), outputs = outputsOf(shape);
  const products = inputs + (<usize>(COMPONENTS * MR * channels) << 2);
  const imageBytes = <usize>(sourceHeight(shape) * sourceWidth(shape) * channels) << (bytes ? 0 : 2);
  const outBytes = <usize>(outHeight(shape) * outWidth(shape) * outputs) << 2;
  const tiles = tilesDown(shape) * tilesAcross(shape);
  clearPadded(padded, shape);
  for (let b = begin; b < end; b++) {
    padImage(padded, x + <usize>b * imageBytes, shape, bytes);
    for (let tile = 0; tile < tiles; tile += MR) {
      const count = min(tiles - tile, MR);
      takeTiles(inputs, padded, shape, tile, count);
      multiply(products, inputs, packed, channels, outputs);
      giveTiles(y + <usize>b * outBytes, products, bias, shape, tile, count);
    }
  }
}

/** B' x B of `count` tiles, in the order of tiles of A: what is in rows beyond them does not matter. */
function takeTiles(to: usize, padded: usize, shape: usize, first: i32, count: i32): void {
  const channels = channelsOf(shape);
  const pixel = <usize>channels << 2;
  const line = <usize>paddedWidth(shape) * pixel;
  const step = <usize>MR * pixel;
  for (let t = 0; t < count; t++) {
    let from = tileAt(padded, shape, first + t);
    let block = to + <usize>t * ROW;
    for (let c = 0; c < channels; c += BLOCK) {
      transformInput(block, step, from, pixel, line);
      transformInput(block + 16, step, from + 16, pixel, line);
      transformInput(block + 32, step, from + 32, pixel, line);
      transformInput(block + 48, step, from + 48, pixel, line);
      block += <usize>MR * ROW;
      from += ROW;
    }
  }
}

/** Of each component six rows of products. */
function multiply(products: usize, inputs: usize, packed: usize, channels: i32, outputs: i32): void {
  const panelBytes = <usize>channels * B_STEP;
  const aBytes = <usize>(MR * channels) << 2;
  const stride = <usize>outputs << 2;
  let panel = packed;
  for (let k = 0; k < COMPONENTS; k++) {
    for (let j = 0; j < outputs; j += NR) {
      microkernelSpread(products + (<usize>j << 2), stride, inputs, panel, channels);
      panel += panelBytes;
    }
    inputs += aBytes;
    products += <usize>MR * stride;
  }
}

/**
 * A 6 x 8 tile of C: each value of A, of six rows of 16 steps side by side, is spread over a vector.
 *
 * @param a of every 16 steps six rows, one after the other
 * @param b packed panel of B
 */
function microkernelSpread(c: usize, stride: usize, a: usize, b: usize, steps: i32): void {
  let c00 = f32x4.splat(0), c01 = c00;
  let c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00;
  let c40 = c00, c41 = c00;
  let c50 = c00, c51 = c00;
  const last = a + <usize>steps * (<usize>MR << 2);
  while (a < last) {
    const end = a + ROW;
    while (a < end) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let value = v128.load32_splat(a);
      c00 = madd(value, b0, c00); c01 = madd(value, b1, c01);
      value = v128.load32_splat(a, 64);
      c10 = madd(value, b0, c10); c11 = madd(value, b1, c11);
      value = v128.load32_splat(a, 128);
      c20 = madd(value, b0, c20); c21 = madd(value, b1, c21);
      value = v128.load32_splat(a, 192);
      c30 = madd(value, b0, c30); c31 = madd(value, b1, c31);
      value = v128.load32_splat(a, 256);
      c40 = madd(value, b0, c40); c41 = madd(value, b1, c41);
      value = v128.load32_splat(a, 320);
      c50 = madd(value, b0, c50); c51 = madd(value, b1, c51);
      a += 4;
      b += B_STEP;
    }
    a += 5 * ROW;
  }
  writeRow(c, c00, c01, false);
  c += stride;
  writeRow(c, c10, c11, false);
  c += stride;
  writeRow(c, c20, c21, false);
  c += stride;
  writeRow(c, c30, c31, false);
  c += stride;
  writeRow(c, c40, c41, false);
  c += stride;
  writeRow(c, c50, c51, false);
}

/** A' m A of `count` tiles, where they are inside the image. */
function giveTiles(y: usize, products: usize, bias: usize, shape: usize, first: i32, count: i32): void {
  const outputs = outputsOf(shape);
  const across = tilesAcross(shape);
  const pixel = <usize>outputs << 2;
  const line = <usize>outWidth(shape) * pixel;
  const step = <usize>MR * pixel;
  for (let t = 0; t < count; t++) {
    const p = (first + t) / across;
    const q = first + t - p * across;
    const to = y + <usize>(2 * p) * line + <usize>(2 * q) * pixel;
    const isWide = 2 * q + 1 < outWidth(shape), isHigh = 2 * p + 1 < outHeight(shape);
    const from = products + <usize>t * pixel;
    for (let o: usize = 0; o < pixel; o += 16) {
      const shift = bias ? v128.load(bias + o) : f32x4.splat(0);
      transformOutput(to + o, pixel, from + o, step, shift, 0, isWide);
      if (isHigh) transformOutput(to + line + o, pixel, from + o, step, shift, 1, isWide);
    }
  }
}
