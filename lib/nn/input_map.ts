/** What a network takes for its inputs: of a byte x, scale x + offset; layers/dense.ts has the formulas. */
import type { LayerParameters } from "./tensors.ts";

export interface InputMap {
  readonly scale: number;
  readonly offset: number;
}

/** Bytes from 0 to 255 become inputs from 0 to 1. */
export const INPUT_SCALE = 1 / 255;

/** Float32 features are inputs as they are. */
export const AS_THEY_ARE: InputMap = { scale: 1, offset: 0 };

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
