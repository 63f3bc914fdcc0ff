/**
 * What the compiled kernels are told of a convolution: the numbers that assembly/conv/shape.ts reads, in its order. A pass goes
 * over a source image: forward over the images, back over the gradient of the outputs.
 */
import { type ConvolutionShape, tapsOf } from "../../backend/convolution.ts";
import { SIZES } from "./buffers.ts";

const FLOAT = SIZES.float32;

/** Bytes of a tile of C, and of a step of a packed tile of A: assembly/conv/convolve.ts reckons the same. */
const TILE_ROWS = 6;
const CORNER = TILE_ROWS * 8 * FLOAT;
const TILE_STEP = 8 * FLOAT;
const LINE = 64;

export type Pass = readonly number[];

export function forwardPass(shape: ConvolutionShape): Pass {
  const { height, width, channels, padTop, padLeft, kernelHeight, kernelWidth, stride } = shape;
  const { outHeight, outWidth, outputs, groups } = shape;
  const [paddedHeight, paddedWidth] = [
    (outHeight - 1) * stride + kernelHeight,
    (outWidth - 1) * stride + kernelWidth,
  ];
  const source = [height, width, channels, 1, padTop, padLeft, paddedHeight, paddedWidth];
  return [...source, kernelHeight, kernelWidth, stride, outHeight, outWidth, outputs, groups];
}

/** Over the gradient of the outputs, its pixels `stride` apart, with the window turned around: a position is a pixel. */
export function turnedPass(shape: ConvolutionShape): Pass {
  const { height, width, channels, padTop, padLeft, kernelHeight, kernelWidth, stride } = shape;
  const { outHeight, outWidth, outputs, groups } = shape;
  const [top, left] = [kernelHeight - 1 - padTop, kernelWidth - 1 - padLeft];
  const [paddedHeight, paddedWidth] = [height + kernelHeight - 1, width + kernelWidth - 1];
  const source = [outHeight, outWidth, outputs, stride, top, left, paddedHeight, paddedWidth];
  return [...source, kernelHeight, kernelWidth, 1, height, width, channels, groups];
}

/** Pixels of an image's side from which on tiles of 2 x 2 outputs pay, and what channels and outputs are a multiple of. */
const LEAST_SIDE = 4;
const WINOGRAD_BLOCK = 16;
/** Products of a tile, in place of 9 taps for each of its outputs. */
const COMPONENTS = 16;

/** Whether a convolution is computed by Winograd's transforms: assembly/conv/winograd.ts. */
export function isWinograd(shape: ConvolutionShape): boolean {
  const { kernelHeight, kernelWidth, stride, groups, channels, outputs } = shape;
  const { outHeight, outWidth, height, width } = shape;
  return kernelHeight === 3 && kernelWidth === 3 && stride === 1 && groups === 1 &&
    channels % WINOGRAD_BLOCK === 0 && outputs % WINOGRAD_BLOCK === 0 &&
    Math.min(outHeight, outWidth, height, width) >= LEAST_SIDE;
}

/** The same pass with a padded image that has room for whole tiles. */
export function winogradPass(pass: Pass): Pass {
  const tiled = [...pass];
  tiled[6] = 2 * Math.ceil(pass[11] / 2) + 2;
  tiled[7] = 2 * Math.ceil(pass[12] / 2) + 2;
  return tiled;
}

/** The pass over images, and bytes that a thread needs for it. */
export function placedPass(shape: ConvolutionShape): { pass: Pass; scratchBytes: number } {
  const pass = forwardPass(shape);
  if (!isWinograd(shape)) return { pass, scratchBytes: scratchOf(pass, tapsOf(shape)) };
  const tiled = winogradPass(pass);
  return { pass: tiled, scratchBytes: winogradScratch(tiled, false) };
}

/** Numbers that an output's weights take once they are packed. */
export function packedSteps(shape: ConvolutionShape): number {
  return isWinograd(shape) ? COMPONENTS * shape.channels : tapsOf(shape);
}

/** Tiles of 2 x 2 outputs whose transforms a weight gradient holds, about. */
const WINOGRAD_TILES = 64;

/** Bytes that a thread needs for Winograd's transforms: a padded image, and what assembly/conv/winograd_*.ts put behind it. */
export function winogradScratch(pass: Pass, isWeights: boolean): number {
  const [channels, outputs] = [pass[2], pass[13]];
  const padded = Math.ceil((pass[6] * pass[7] * channels * FLOAT + LINE) / LINE) * LINE;
  const [down, across] = [Math.ceil(pass[11] / 2), Math.ceil(pass[12] / 2)];
  const tiles = isWeights
    ? Math.min(Math.max(1, Math.floor(WINOGRAD_TILES / across)), down) * across
    : TILE_ROWS;
  const rows = isWeights ? Math.ceil(channels / TILE_ROWS) * TILE_ROWS : 0;
  const numbers = COMPONENTS * (tiles * (channels + outputs) + rows * outputs);
  // A tile of six channels may begin at the last four.
  return padded + Math.ceil((numbers * FLOAT + LINE) / LINE) * LINE;
}

/** Bytes that a thread needs: a tile of C, a padded image, and `steps` of packed tiles. */
export function scratchOf(pass: Pass, steps: number): number {
  const padded = pass[6] * pass[7] * pass[2] * FLOAT + LINE;
  const bytes = CORNER + Math.ceil(padded / LINE) * LINE + steps * TILE_STEP;
  return Math.ceil(bytes / LINE) * LINE;
}
