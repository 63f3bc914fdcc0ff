// A convolution as a product whose left side is never there as a whole (implicit GEMM): the rows of A are the positions of an
// image, its steps what their windows hold, and B are the weights. Six positions at a time are gathered into a tile, from an
// image that was padded before, and the micro-kernel of every other product multiplies it by each panel of B.
//
// Each image is computed by one thread, an output's steps in one order, so the bits do not depend on how images are shared out.
import { addBias } from "../add_bias";
import { MR, NR } from "../gemm/blocking";
import { copyTile } from "../gemm/gemm";
import { microkernel6x8 } from "../gemm/microkernel_6x8";
import { A_STEP, B_STEP } from "../gemm/pack";
import { packNeighbors, packRun } from "./pack_patches";
import { panelsOf } from "./pack_weights";
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

/** Bytes of a tile of C before the padded image. */
const CORNER: usize = <usize>(MR * NR) << 2;

/** Bytes of scratch memory that a thread needs: the host reckons the same (lib/backends/wasm/convolutions.ts). */
// @ts-ignore: decorator
@inline
function tileAt(scratch: usize, shape: usize): usize {
  return scratch + CORNER + paddedBytes(shape);
}

/**
 * y = bias + W x of images `begin` to `end`.
 *
 * @param packed       what convolvePack left
 * @param bias         O float32, 0 for none
 * @param scratch      64-byte aligned, `scratchBytes` for each member of the team
 * @param bytes        whether x is of bytes
 */
export function convolveImages(
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
  scratch += <usize>member * <usize>scratchBytes;
  const padded = scratch + CORNER;
  const numbers = sourceHeight(shape) * sourceWidth(shape) * channelsOf(shape);
  const imageBytes = <usize>numbers << (bytes ? 0 : 2);
  const positions = outHeight(shape) * outWidth(shape);
  const outputs = outputsOf(shape);
  const outBytes = <usize>(positions * outputs) << 2;
  const groups = groupsOf(shape);
  clearPadded(padded, shape);
  for (let b = begin; b < end; b++) {
    padImage(padded, x + <usize>b * imageBytes, shape, bytes);
    const to = y + <usize>b * outBytes;
    for (let group = 0; group < groups; group++) {
      multiplyGroup(to, packed, shape, scratch, group);
    }
    if (bias) addBias(to, to, bias, outputs, 0, positions);
  }
}

/** The outputs of a group for all positions of the padded image. */
function multiplyGroup(y: usize, packed: usize, shape: usize, scratch: usize, group: i32): void {
  const steps = stepsOf(shape);
  const panels = panelsOf(shape);
  const outputs = outputsOf(shape);
  const width = outputs / groupsOf(shape);
  const stride = <usize>outputs << 2;
  const panelBytes = <usize>steps * B_STEP;
  const weights = packed + <usize>(group * panels) * panelBytes;
  const positions = outHeight(shape) * outWidth(shape);
  const tile = tileAt(scratch, shape);
  for (let i = 0; i < positions; i += MR) {
    packTile(tile, scratch + CORNER, shape, group, i, positions);
    const corner = y + <usize>i * stride + (<usize>(group * width) << 2);
    let panel = weights;
    for (let j = 0; j < width; j += NR) {
      const to = corner + (<usize>j << 2);
      if (i + MR > positions || j + NR > width) {
        microkernel6x8(scratch, <usize>NR << 2, tile, panel, steps, false);
        copyTile(to, stride, scratch, false, positions - i, width - j);
      } else microkernel6x8(to, stride, tile, panel, steps, false);
      panel += panelBytes;
    }
  }
}

/** Gathers the windows of positions `first` to `first` + 5; where there are fewer, the last one stands for the others. */
function packTile(
  to: usize,
  padded: usize,
  shape: usize,
  group: i32,
  first: i32,
  positions: i32,
): void {
  const steps = stepsOf(shape);
  const run = runOf(shape);
  const p0 = windowAt(padded, shape, first);
  const p1 = windowAt(padded, shape, min(first + 1, positions - 1));
  const p2 = windowAt(padded, shape, min(first + 2, positions - 1));
  const p3 = windowAt(padded, shape, min(first + 3, positions - 1));
  const p4 = windowAt(padded, shape, min(first + 4, positions - 1));
  const p5 = windowAt(padded, shape, min(first + 5, positions - 1));
  const areNeighbors = p1 == p0 + 4 && p5 == p0 + 20;
  for (let step = 0; step < steps; step += run) {
    const at = offsetOf(shape, group, step);
    if (areNeighbors) to = packNeighbors(to, run, p0 + at);
    else to = packRun(to, run, p0 + at, p1 + at, p2 + at, p3 + at, p4 + at, p5 + at);
  }
}

/** The first pixel of the window of a position. */
// @ts-ignore: decorator
@inline
function windowAt(padded: usize, shape: usize, position: i32): usize {
  const across = outWidth(shape);
  const p = position / across;
  const q = position - p * across;
  const stride = strideOf(shape);
  return padded + (<usize>((p * paddedWidth(shape) + q) * stride * channelsOf(shape)) << 2);
}
