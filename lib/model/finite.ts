/**
 * Whether a network's numbers stay within float32. Weights that are finite are not enough: their sums may not be, and then
 * every probability is NaN.
 */
import { WeftError } from "../errors.ts";
import type { Activation } from "../nn/activations.ts";
import { Network } from "../nn/network.ts";
import type { LayerParameters } from "../nn/tensors.ts";
import { inputOf, type Model } from "./model.ts";

const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;
const LARGEST_BYTE = 255;

/** Whether bytes times this are float32 numbers, and not all of them 0. */
export function isInputScale(scale: number): boolean {
  return Math.fround(scale) > 0 && Math.fround(LARGEST_BYTE * scale) <= LARGEST_FLOAT32;
}

/** How large activations become, which is all that matters here: GELU is between 0 and its argument, nearly. */
const ACTIVATE: Readonly<Record<Activation, (z: number) => number>> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(0, z),
  tanh: Math.tanh,
  "leaky-relu": (z) => z > 0 ? z : 0.01 * z,
  gelu: (z) => Math.max(0, z),
};

/**
 * Refuses a network that overflows on a black or on a white image. No image makes the first layer's sums larger than a white
 * one does, in whichever order they are added.
 *
 * @param cannot what cannot be done otherwise, such as "Cannot import mlp.safetensors"
 * @throws {WeftError} naming the layer
 */
export function requireFiniteOutputs(model: Model, cannot: string): void {
  const { architecture, parameters, inputScale } = model;
  // Of float32 features there is no largest.
  if (inputOf(model).element === "float32") return;
  const { layers } = Network.of(architecture);
  for (const [image, byte] of [["black", 0], ["white", LARGEST_BYTE]] as const) {
    let x = new Float64Array(architecture.inputs).fill(byte * inputScale);
    let weighted = 0;
    for (const { name, text } of layers) {
      if (Object.hasOwn(ACTIVATE, text)) x = x.map(ACTIVATE[text as Activation]);
      if (name === "") continue;
      const z = linear(x, parameters[weighted]);
      if (!z) {
        throw new WeftError(
          `${cannot}: its layer ${weighted} has sums beyond float32 on a ${image} image, so that its ` +
            `probabilities are not finite; train it with smaller weights (its input scale is ${inputScale})`,
        );
      }
      x = z;
      weighted++;
    }
  }
}

/** x W + b; null if a partial sum may be beyond float32. */
function linear(x: Float64Array, { weights, bias }: LayerParameters) {
  const outputs = bias.length;
  const z = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    // Sums of what is above 0 and of what is below it: all partial sums lie between them.
    let [above, below] = [Math.max(0, bias[o]), Math.min(0, bias[o])];
    for (let i = 0; i < x.length; i++) {
      const term = x[i] * weights[i * outputs + o];
      if (term > 0) above += term;
      else below += term;
    }
    if (!(above <= LARGEST_FLOAT32 && below >= -LARGEST_FLOAT32)) return null;
    z[o] = above + below;
  }
  return z;
}
