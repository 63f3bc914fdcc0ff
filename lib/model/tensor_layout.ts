/**
 * How files have a tensor, as PyTorch does: outputs first, and of what is an image or a window the channels before the places.
 * Weft has a row for each input, with height, width and channels in that order: channels side by side.
 *
 *     Weft                               file
 *     (inputs) x outputs                 [outputs, inputs]
 *     (height, width, channel) x O       [O, channel, height, width] of a window, [O, (channel, height, width)] of an image
 */
import type { NetworkTensor } from "../nn/network.ts";

type Layout = Pick<NetworkTensor, "length" | "matrix" | "spec">;

/** Its shape in a file. */
export function fileShape({ length, matrix: { columns }, spec }: Layout): number[] {
  if (spec.isWindow) {
    const [height, width, channels] = spec.rowShape!;
    return [columns, channels, height, width];
  }
  return length === columns ? [columns] : [columns, length / columns];
}

/** The numbers in the order of a file. */
export function toFile(tensor: Layout, values: Float32Array): Float32Array<ArrayBuffer> {
  const { length, matrix: { columns } } = tensor;
  const inFile = new Float32Array(length);
  const rows = length / columns;
  const places = placesOf(tensor, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) inFile[j * rows + places[i]] = values[i * columns + j];
  }
  return inFile;
}

/** The inverse. */
export function fromFile(tensor: Layout, inFile: Float32Array): Float32Array<ArrayBuffer> {
  const { length, matrix: { columns } } = tensor;
  const values = new Float32Array(length);
  const rows = length / columns;
  const places = placesOf(tensor, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) values[i * columns + j] = inFile[j * rows + places[i]];
  }
  return values;
}

/** Of each row, which column of the file it is. */
function placesOf({ spec: { rowShape } }: Layout, rows: number): Uint32Array {
  if (!rowShape) return Uint32Array.from({ length: rows }, (_, i) => i);
  const [height, width, channels] = rowShape;
  return Uint32Array.from({ length: rows }, (_, i) => {
    const [place, channel] = [Math.floor(i / channels), i % channels];
    return channel * height * width + place;
  });
}
