/** Initial parameters. */
import type { NumpyRandomState } from "../random/numpy_random_state.ts";
import { type Architecture, type LayerParameters, layerShapes } from "./parameters.ts";

/** Weights from N(0, 1), layer by layer and row by row; biases zero. */
export function standardNormal(
  architecture: Architecture,
  random: NumpyRandomState,
): LayerParameters[] {
  return layerShapes(architecture).map(([inputs, outputs]) => {
    const weights = new Float32Array(inputs * outputs);
    for (let i = 0; i < weights.length; i++) weights[i] = random.normal();
    return { weights, bias: new Float32Array(outputs) };
  });
}
