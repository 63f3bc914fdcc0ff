/**
 * Weights of 8 bits: of each output's weights, w = q * scale with q from -127 to 127 and scale the largest of them over
 * 127 (symmetric, by columns). Biases stay as they are.
 */

import type { Model } from "../../model/model.ts";
import type { LayerParameters } from "../../nn/tensors.ts";
import { copyWeights, type PackedLayer } from "../packed_model.ts";

const LARGEST = 127;

/** @returns the layer as it is packed */
export function quantize({ weights, bias }: LayerParameters): PackedLayer {
  const outputs = bias.length;
  const scales = new Float32Array(outputs);
  for (let i = 0; i < weights.length; i++) {
    scales[i % outputs] = Math.max(scales[i % outputs], Math.abs(weights[i]));
  }
  for (let j = 0; j < outputs; j++) scales[j] /= LARGEST;
  const quantized = Int8Array.from(weights, (weight, i) => {
    const scale = scales[i % outputs];
    // A scale that is rounded to zero has no multiples.
    return scale === 0 ? 0 : Math.max(-LARGEST, Math.min(LARGEST, Math.round(weight / scale)));
  });
  return { weights: quantized, scales, bias };
}

/** The model that is computed with in the end, so that its accuracy can be measured like any other's. */
export function withPackedWeights(model: Model, layers: readonly PackedLayer[]): Model {
  const parameters = layers.map((layer): LayerParameters => {
    const outputs = layer.bias.length;
    const weights = new Float32Array(layer.weights.length);
    copyWeights(weights, layer, 0, weights.length / outputs);
    return { weights, bias: new Float32Array(layer.bias) };
  });
  return { ...model, parameters };
}
