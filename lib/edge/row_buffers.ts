/** What the rows of a prediction take between layers: two buffers in turns, and a padded image for each convolution. */
import type { ConvolutionShape } from "../backend/convolution.ts";
import { type PackedShape, pooled } from "./packed_model.ts";

const FLOAT = 4;

/** Rows that are computed at once: as many as the product packs at once (MC of assembly/gemm/blocking.ts). */
const ROWS = 72;

/** Bytes of both buffers, unless one row takes more. */
const WANTED_BYTES = 16 * 2 ** 20;

/** Bytes that one row may take: beside the model they must fit into the 128 MB of an edge runtime. */
export const MOST_ROW_BYTES = 48 * 2 ** 20;

/** The longest row that a layer, or what follows it, gives. */
export function longestRow(shapes: readonly PackedShape[]): number {
  const lengths = shapes.flatMap(({ outputs, activations }) => [
    outputs,
    ...activations.map((step) => typeof step === "string" ? 0 : pooled(step)),
  ]);
  return Math.max(...lengths);
}

/** Rows that are computed at once. */
export function rowsAtOnce(shapes: readonly PackedShape[]): number {
  const bytes = 2 * longestRow(shapes) * FLOAT;
  return Math.min(ROWS, Math.max(1, Math.floor(WANTED_BYTES / bytes)));
}

/** Bytes that one row takes at most. */
export function bytesOfRow(shapes: readonly PackedShape[]): number {
  const padded = shapes.map(({ convolution }) => convolution ? paddedNumbers(convolution) : 0);
  return (2 * longestRow(shapes) + Math.max(...padded)) * FLOAT;
}

/** Numbers of a padded image. */
export function paddedNumbers(shape: ConvolutionShape): number {
  const height = (shape.outHeight - 1) * shape.stride + shape.kernelHeight;
  const width = (shape.outWidth - 1) * shape.stride + shape.kernelWidth;
  return height * width * shape.channels;
}
