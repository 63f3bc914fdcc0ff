/**
 * What a network takes for its inputs: of a byte x, scale x + offset. The bytes stay bytes, and products leave out what is
 * zero: the scale goes into the products, and the offset, which is the same for every pixel, into a row that is added.
 *
 *     z  = (scale X + offset 1) W + b = scale X W + (offset 1' W + b)
 *     dW = (scale X + offset 1)' dz   = scale X' dz + offset 1 (1' dz)
 *
 * Glossary: I inputs, O outputs of the first layer; 1 a column of ones.
 */
import type { LayerParameters } from "./parameters.ts";

export interface InputMap {
  readonly scale: number;
  readonly offset: number;
}

/** Bytes from 0 to 255 become inputs from 0 to 1. */
export const INPUT_SCALE = 1 / 255;

/** Some pictures, after `first` others; their pixels are bytes, row by row. */
interface Pictures {
  readonly first: number;
  readonly rows: number;
  readonly pixels: Uint8Array;
}

/**
 * Takes (x / 255 - mean) / std, with the mean and the standard deviation of all pixels of some pictures. Where all are
 * equal they are only centred, as in scikit-learn.
 *
 * @param chunks pictures of `inputs` pixels
 * @param rows   numbers of those that count, each once
 */
export function standardizing(
  chunks: Iterable<Pictures>,
  inputs: number,
  rows: Uint32Array,
): InputMap {
  const wanted = new Set(rows);
  // Whole numbers, so that nothing is rounded up to the last division.
  const counts = new Float64Array(256);
  for (const { first, rows, pixels } of chunks) {
    for (let row = 0; row < rows; row++) {
      if (!wanted.has(first + row)) continue;
      const end = (row + 1) * inputs;
      for (let i = row * inputs; i < end; i++) counts[pixels[i]]++;
    }
  }
  const count = rows.length * inputs;
  const mean = counts.reduce((sum, times, value) => sum + times * value, 0) / count;
  const variance = counts.reduce((sum, times, value) => sum + times * (value - mean) ** 2, 0) /
    count;
  const deviation = variance > 0 ? Math.sqrt(variance) : 255;
  return { scale: 1 / deviation, offset: -mean / deviation };
}

/**
 * The parameters of the first layer for a network that takes bytes times INPUT_SCALE, where it took `map`. Computed in
 * float64 and rounded once.
 */
export function foldInputMap({ weights, bias }: LayerParameters, map: InputMap): LayerParameters {
  const ratio = map.scale / INPUT_SCALE;
  const outputs = bias.length;
  const shifts = new Float64Array(outputs);
  weights.forEach((weight, i) => shifts[i % outputs] += weight);
  return {
    weights: weights.map((weight) => weight * ratio),
    bias: bias.map((value, o) => value + map.offset * shifts[o]),
  };
}
