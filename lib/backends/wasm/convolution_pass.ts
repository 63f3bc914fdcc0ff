/**
 * What the compiled kernels are told of a convolution: the numbers that assembly/conv/shape.ts reads, in its order. A pass goes
 * over a source image: forward over the images, back over the gradient of the outputs.
 */
import type { ConvolutionShape } from "../../backend/convolution.ts";
import { SIZES } from "./buffers.ts";

const FLOAT = SIZES.float32;

/** Bytes of a tile of C, and of a step of a packed tile of A: assembly/conv/convolve.ts reckons the same. */
const CORNER = 6 * 8 * FLOAT;
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

/** Bytes that a thread needs: a tile of C, a padded image, and `steps` of packed tiles. */
export function scratchOf(pass: Pass, steps: number): number {
  const padded = pass[6] * pass[7] * pass[2] * FLOAT + LINE;
  const bytes = CORNER + Math.ceil(padded / LINE) * LINE + steps * TILE_STEP;
  return Math.ceil(bytes / LINE) * LINE;
}
