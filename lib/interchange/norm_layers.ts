/**
 * Batch normalization in a file of tensors under PyTorch's names: `NAME.running_mean` and `NAME.running_var` [features], and
 * where it is affine `NAME.weight` and `NAME.bias`. Once training is over it is a linear function of each feature, which a
 * linear layer beside it takes up: Weft has no such layer in a model.
 *
 * Glossary: a norm is one such group of tensors.
 */

import type { FloatTensor } from "../model/safetensors.ts";
// Files do not say theirs; PyTorch's default is Weft's too.
import { NORM_EPSILON } from "../nn/layers/batch_norm.ts";
import type { LinearLayer } from "./linear_layer.ts";

export interface NormLayer {
  /** `bn1`; empty where the tensors are called `running_mean` and so on. */
  readonly name: string;
  readonly mean: FloatTensor;
  readonly variance: FloatTensor;
  /** Null where it is not affine. */
  readonly weight: FloatTensor | null;
  readonly bias: FloatTensor | null;
}

const PARTS = ["running_mean", "running_var", "weight", "bias", "num_batches_tracked"];

/** The norms of a file, and the names of all of their tensors. */
export function findNorms(
  tensors: ReadonlyMap<string, FloatTensor>,
): { readonly norms: NormLayer[]; readonly owned: ReadonlySet<string> } {
  const norms: NormLayer[] = [];
  const owned = new Set<string>();
  for (const [tensorName, mean] of tensors) {
    const [, name = ""] = /^(?:([^]+)\.)?running_mean$/.exec(tensorName) ?? [];
    const prefix = tensorName.slice(0, -"running_mean".length);
    if (!tensorName.endsWith("running_mean") || prefix !== (name && `${name}.`)) continue;
    const part = (key: string) => tensors.get(`${prefix}${key}`) ?? null;
    const variance = part("running_var");
    const [weight, bias] = [part("weight"), part("bias")];
    const isVector = ({ shape }: FloatTensor) => String(shape) === String([mean.data.length]);
    if (!variance || ![mean, variance, weight, bias].every((it) => !it || isVector(it))) continue;
    norms.push({ name, mean, variance, weight, bias });
    for (const key of PARTS) owned.add(`${prefix}${key}`);
  }
  return { norms, owned };
}

/** Names of the tensors of a norm that hold numbers of it. */
export function normTensorNames({ name, weight, bias }: NormLayer): string[] {
  const parts = [...PARTS.slice(0, 2), ...weight ? ["weight"] : [], ...bias ? ["bias"] : []];
  return parts.map((part) => (name === "" ? part : `${name}.${part}`));
}

/** What a norm does to feature j: x factor + shift, in float64. */
function lineOf({ mean, variance, weight, bias }: NormLayer) {
  const factor = Float64Array.from(
    variance.data,
    (value, j) => (weight?.data[j] ?? 1) / Math.sqrt(value + NORM_EPSILON),
  );
  const shift = factor.map((value, j) => (bias?.data[j] ?? 0) - mean.data[j] * value);
  return { factor, shift };
}

/** The layer that gives what a norm makes of the layer's outputs; features are outputs. */
export function foldAfter(layer: LinearLayer, norm: NormLayer): LinearLayer {
  const { factor, shift } = lineOf(norm);
  const { inputs, weight, bias } = layer;
  return {
    ...layer,
    weight: {
      shape: weight.shape,
      data: Float64Array.from(weight.data, (w, i) => w * factor[Math.floor(i / inputs)]),
    },
    bias: {
      shape: [layer.outputs],
      data: factor.map((value, o) => (bias?.data[o] ?? 0) * value + shift[o]),
    },
  };
}

/** The layer that gives what it gave for inputs that went through a norm; features are inputs. */
export function foldBefore(layer: LinearLayer, norm: NormLayer): LinearLayer {
  const { factor, shift } = lineOf(norm);
  const { inputs, outputs, weight, bias } = layer;
  const sums = Float64Array.from({ length: outputs }, (_, o) => {
    let sum = bias?.data[o] ?? 0;
    for (let i = 0; i < inputs; i++) sum += weight.data[o * inputs + i] * shift[i];
    return sum;
  });
  const data = Float64Array.from(weight.data, (w, i) => w * factor[i % inputs]);
  return {
    ...layer,
    weight: { shape: weight.shape, data },
    bias: { shape: [outputs], data: sums },
  };
}
