/**
 * The shape of a two-dimensional convolution over images whose channels lie side by side, and of its operands: the products
 * that are not in the kernel table, as `gemm` is not, because their shapes follow from more than their matrices.
 *
 * Glossary: B images; H x W x C an image (height, width, channels); K x L a kernel's window; P x Q the positions of an output,
 * each with O outputs; G groups, each of C / G channels and O / G outputs.
 */
import type { ByteMatrix, Matrix } from "./matrices.ts";
import { overlap } from "./overlaps.ts";
import { requireShape, ShapeError } from "./requirements.ts";

/** Sizes of a convolution. */
export interface ConvolutionShape {
  /** H, W and C. */
  readonly height: number;
  /** Pixels of a row. */
  readonly width: number;
  /** Numbers of a pixel. */
  readonly channels: number;
  /** K and L. */
  readonly kernelHeight: number;
  /** Pixels of a row of the kernel. */
  readonly kernelWidth: number;
  /** Pixels from one position to the next, in both directions. */
  readonly stride: number;
  /** Rows of zeros above an image, and columns to its left; below and right there are as many as the positions take. */
  readonly padTop: number;
  /** Likewise, left of each row. */
  readonly padLeft: number;
  /** P and Q. */
  readonly outHeight: number;
  /** Outputs of a row. */
  readonly outWidth: number;
  /** O. */
  readonly outputs: number;
  /** G. */
  readonly groups: number;
}

/** Windows of an image that lie side by side, and what becomes of each: see maxPoolForward and averagePoolForward. */
export interface Pool {
  readonly of: "largest" | "mean";
  readonly window: readonly [height: number, width: number];
}

const DOES = "convolve";

/** Whether every group has one channel and one output: a product has nothing to share then. */
export function isDepthwise({ channels, outputs, groups }: ConvolutionShape): boolean {
  return groups === channels && groups === outputs;
}

/** Rows of the weights: one for each tap of the window and channel of a group. */
export function tapsOf({ kernelHeight, kernelWidth, channels, groups }: ConvolutionShape): number {
  return kernelHeight * kernelWidth * channels / groups;
}

/** @throws {ShapeError} */
export function checkConvolution(
  y: Matrix,
  x: Matrix | ByteMatrix,
  w: Matrix,
  bias: Matrix | null,
  shape: ConvolutionShape,
  written: readonly (Matrix | null)[],
): void {
  const { height, width, channels, outHeight, outWidth, outputs, groups } = shape;
  if (channels % groups !== 0 || outputs % groups !== 0) {
    throw new ShapeError(
      `Cannot convolve: ${channels} channels and ${outputs} outputs are not both multiples of ${groups} groups`,
    );
  }
  requireShape(DOES, "the matrix of images", x, x.rows, height * width * channels);
  requireShape(DOES, "the matrix of outputs", y, x.rows, outHeight * outWidth * outputs);
  requireShape(DOES, "the weight", w, tapsOf(shape), outputs);
  if (bias) requireShape(DOES, "the bias", bias, 1, outputs);
  const all = [y, x, w, bias];
  for (const output of written) {
    if (!output || !all.some((it) => it && it !== output && overlap(it, output))) continue;
    throw new ShapeError("Cannot convolve: an output overlaps another argument, and may not");
  }
}
