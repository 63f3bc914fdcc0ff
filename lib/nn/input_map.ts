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
