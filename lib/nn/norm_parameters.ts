/** What batch normalisation keeps for a layer, as plain data. Glossary: O outputs of the layer. */
import type { LayerParameters, NormParameters, Tensors } from "./tensors.ts";

/** Added to a variance before its root is taken; PyTorch's. */
export const NORM_EPSILON = 1e-5;
/** What the newest batch counts in the running statistics; PyTorch's. */
export const NORM_MOMENTUM = 0.1;

/** What tensors are called, as PyTorch calls them. */
export const normWeightName = (layer: number) => `layers.${layer}.norm.weight`;
export const normBiasName = (layer: number) => `layers.${layer}.norm.bias`;
export const normMeanName = (layer: number) => `layers.${layer}.norm.running_mean`;
export const normVarianceName = (layer: number) => `layers.${layer}.norm.running_var`;

/** The parameters with batch normalisation after every layer but the last, as training begins with it. */
export function withNorm(parameters: readonly LayerParameters[]): LayerParameters[] {
  return parameters.map((layer, l) => {
    if (l === parameters.length - 1) return layer;
    const all = (value: number) => new Float32Array(layer.bias.length).fill(value);
    const norm = { weight: all(1), bias: all(0), runningMean: all(0), runningVariance: all(1) };
    return { ...layer, norm };
  });
}

/** A layer's tensors by name; none where it has no normalisation. */
export function normTensors(
  layer: number,
  norm: NormParameters | undefined,
): [string, Float32Array<ArrayBuffer>][] {
  if (!norm) return [];
  return [
    [normWeightName(layer), norm.weight],
    [normBiasName(layer), norm.bias],
    [normMeanName(layer), norm.runningMean],
    [normVarianceName(layer), norm.runningVariance],
  ];
}

/** The inverse. @param find the tensor of that name */
export function normFrom(
  tensors: Tensors,
  layer: number,
  find: (name: string) => Float32Array<ArrayBuffer>,
): { readonly norm?: NormParameters } {
  if (!tensors.has(normWeightName(layer))) return {};
  return {
    norm: {
      weight: find(normWeightName(layer)),
      bias: find(normBiasName(layer)),
      runningMean: find(normMeanName(layer)),
      runningVariance: find(normVarianceName(layer)),
    },
  };
}

/**
 * The layer that gives by itself what this one and its normalisation by the running statistics give: weights times, and
 * bias shifted by, what does not depend on the input any more. In float64, rounded once.
 */
export function foldNorm({ weights, bias, norm }: LayerParameters): LayerParameters {
  if (!norm) return { weights, bias };
  const outputs = bias.length;
  const factors = Array.from(
    norm.weight,
    (weight, j) => weight / Math.sqrt(norm.runningVariance[j] + NORM_EPSILON),
  );
  return {
    weights: weights.map((w, i) => w * factors[i % outputs]),
    bias: bias.map((b, j) => (b - norm.runningMean[j]) * factors[j] + norm.bias[j]),
  };
}
