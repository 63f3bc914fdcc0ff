/**
 * Makes a model of a network of any layers, such as convolutions, that was trained elsewhere and saved as safetensors under
 * PyTorch's names. The file has weights, biases and statistics; which layers they belong to is written as for training, and the
 * two are matched in order: `conv 8 3x3, batch-norm, relu, pool 2, dense 16, relu`, without the output's layer.
 */
import { UsageError, WeftError } from "../errors.ts";
import { requireFiniteOutputs } from "../model/finite.ts";
import { imageSize, type Model } from "../model/model.ts";
import { decodeFloatTensors, type FloatTensor, requireFinite } from "../model/safetensors.ts";
import { fileShape, fromFile } from "../model/tensor_layout.ts";
import { readLayers } from "../nn/layers/mod.ts";
import { Network, type NetworkLayer, type NetworkTensor } from "../nn/network.ts";
import { parametersOf, type Values } from "../nn/tensors.ts";
import { formatShape, printableList, quote, type Refuse } from "./import_refusal.ts";
import { compareNaturally, refuseTwins } from "./natural_order.ts";
import { findNorms, type NormLayer, normTensorNames } from "./norm_layers.ts";

/** What the file does not say of such a network. */
export interface SequenceSettings {
  /** Its layers but the output's, as `train --layers` takes them. */
  readonly network: string;
  readonly height?: number;
  readonly width?: number;
  /** Names of the file's layers from the input side, where their names do not tell; all else is left out. */
  readonly layers?: readonly string[];
  readonly inputScale: number;
  readonly mean: number;
  readonly std: number;
}

/** A layer with weights as the file has it. */
interface Weighted {
  readonly name: string;
  readonly weight: FloatTensor;
  readonly bias: FloatTensor | null;
}

export interface ImportedSequence {
  readonly model: Omit<Model, "classNames" | "preset">;
  readonly layers: readonly string[];
  readonly notes: readonly string[];
}

/**
 * @throws {UsageError} where the layers cannot be, or a name is not in the file
 * @throws {WeftError} where the file is damaged, or its tensors are not those of the layers
 */
export function importSequence(
  bytes: Uint8Array,
  source: string,
  settings: SequenceSettings,
): ImportedSequence {
  const refuse: Refuse = (reason) => {
    throw new WeftError(`Cannot import ${source}: ${reason}`);
  };
  const others = new Map<string, string>();
  const tensors = decodeFloatTensors(bytes, source, others);
  const { weighted, norms, strays } = partsOf(tensors, others, settings, source, refuse);
  const network = networkOf(settings, weighted, refuse);
  const written = network.layers.filter(({ name }) => name !== "");
  const [layers, folding] = [
    written.filter(({ kind }) => !kind.folds),
    written.filter(({ kind }) => kind.folds),
  ];
  requireAsMany("layers with weights", layers, weighted, refuse);
  requireAsMany("normalizations", folding, norms, refuse);
  const values = new Map<string, Values>();
  layers.forEach((layer, l) => {
    for (const [name, read] of valuesOf(network, layer, weighted[l], refuse)) {
      values.set(name, read);
    }
  });
  folding.forEach(({ name, text }, l) => {
    const { mean, variance, weight, bias } = norms[l];
    const parts = { running_mean: mean, running_var: variance, weight, bias };
    for (const tensor of network.tensors.filter((it) => it.name.startsWith(`${name}.`))) {
      const part = tensor.name.slice(name.length + 1) as keyof typeof parts;
      const own = parts[part] ?? filled(tensor.length, part === "weight" ? 1 : 0);
      requireShape(`${norms[l].name}.${part}`, own, text, [tensor.length], refuse);
      values.set(tensor.name, Float32Array.from(own.data));
    }
  });
  requireFinite(usedOf(tensors, strays), source);
  standardize(values, layers[0], settings);
  const { folded } = network;
  const { shape } = network.spec;
  const model = {
    architecture: folded.architecture,
    parameters: parametersOf(network.fold(values)),
    ...imageSize(shape),
    ...(shape[2] === 1 ? {} : { input: { element: "uint8" as const, shape } }),
    inputScale: settings.inputScale,
  };
  const beyond = model.parameters.findIndex((layer) =>
    !layer.weights.every(Number.isFinite) || !layer.bias.every(Number.isFinite)
  );
  if (beyond >= 0) {
    refuse(
      `layer ${
        quote(weighted[beyond].name)
      } is beyond float32 with the normalization that is folded into it`,
    );
  }
  requireFiniteOutputs({ ...model, classNames: [], preset: "" }, `Cannot import ${source}`);
  const notes = strays.length > 0
    ? [`left out: ${printableList(strays)} (tensors: ${strays.length})`]
    : [];
  return { model, layers: weighted.map(({ name }) => name), notes };
}

/** The layers of the file from the input side: convolutions come before linear layers, else as their names are ordered. */
function partsOf(
  tensors: ReadonlyMap<string, FloatTensor>,
  others: ReadonlyMap<string, string>,
  { layers: order }: SequenceSettings,
  source: string,
  refuse: Refuse,
): { weighted: Weighted[]; norms: NormLayer[]; strays: string[] } {
  const { norms, owned } = findNorms(tensors);
  const weighted: Weighted[] = [];
  const used = new Set(owned);
  for (const [tensorName, weight] of tensors) {
    const [, name = ""] = /^(?:([^]+)\.)?weight$/.exec(tensorName) ?? [];
    const prefix = name && `${name}.`;
    if (tensorName !== `${prefix}weight` || owned.has(tensorName)) continue;
    if (weight.shape.length !== 2 && weight.shape.length !== 4) continue;
    const bias = tensors.get(`${prefix}bias`) ?? null;
    weighted.push({ name, weight, bias });
    used.add(tensorName).add(`${prefix}bias`);
  }
  const isStray = (name: string) => !used.has(name);
  const strays = [...tensors.keys(), ...others.keys()].filter(isStray);
  if (order) {
    const known = [...weighted, ...norms].map(({ name }) => name);
    const stranger = order.find((name, i) => !known.includes(name) || order.indexOf(name) < i);
    if (stranger !== undefined) {
      throw new UsageError(
        `Cannot import ${source} with --layers ${printableList(order)}: ${
          known.includes(stranger)
            ? "each layer must be named once"
            : `it has no ${quote(stranger)}`
        }; its layers are ${printableList(known.sort(compareNaturally))}`,
      );
    }
    const chosen = <T extends { readonly name: string }>(from: readonly T[]) =>
      order.flatMap((name) => from.filter((it) => it.name === name));
    const isLeft = ({ name }: { readonly name: string }) => !order.includes(name);
    strays.push(
      ...weighted.filter(isLeft).flatMap(({ name, bias }) => {
        const prefix = name && `${name}.`;
        return [`${prefix}weight`, ...bias ? [`${prefix}bias`] : []];
      }),
      ...norms.filter(isLeft).flatMap(normTensorNames),
    );
    return { weighted: chosen(weighted), norms: chosen(norms), strays };
  }
  if (strays.length > 0) {
    refuse(
      `tensor ${
        quote(strays[0])
      } is no part of a convolution, a linear layer or a normalization; ` +
        "where the file holds more than the network, name its layers with --layers",
    );
  }
  weighted.sort((a, b) =>
    b.weight.shape.length - a.weight.shape.length || compareNaturally(a.name, b.name)
  );
  norms.sort((a, b) => compareNaturally(a.name, b.name));
  refuseTwins(weighted.map(({ name, weight }) => ({ name, shape: weight.shape })), refuse);
  refuseTwins(norms.map(({ name, mean }) => ({ name, shape: mean.shape })), refuse);
  return { weighted, norms, strays };
}

function networkOf(
  { network, height, width, mean }: SequenceSettings,
  weighted: readonly Weighted[],
  refuse: Refuse,
): Network {
  const side = height ?? width;
  const isSize = (value = NaN) => Number.isSafeInteger(value) && value > 0;
  if (!isSize(side) || !isSize(width ?? side)) {
    throw new UsageError(
      "Cannot import with --network without --height and --width: give the pixels of an image, such as --height 28 --width 28",
    );
  }
  const [first, last] = [weighted[0], weighted.at(-1)];
  if (!first || !last) refuse("it holds no convolution and no linear layer");
  const layers = readLayers(network);
  const groups = Number(/^conv .* groups (\d+)$/.exec(layers[0])?.[1] ?? 1);
  const pixels = side! * (width ?? side!);
  const [, inputs] = first!.weight.shape;
  const channels = first!.weight.shape.length === 4 ? inputs * groups : inputs / pixels;
  if (!isSize(channels)) {
    refuse(
      `layer ${quote(first!.name)} takes ${inputs} inputs, which are no images of ${side} x ${
        width ?? side
      } pixels`,
    );
  }
  const built = new Network({
    shape: [side!, width ?? side!, channels],
    layers,
    outputs: last!.weight.shape[0],
  });
  const padded = built.layers.find(({ layer: { convolution: c } }) =>
    c && (c.padTop + c.padLeft > 0 || c.outHeight + c.kernelHeight - 1 > c.height)
  );
  if (mean !== 0 && padded === built.layers.find(({ name }) => name !== "")) {
    throw new UsageError(
      `Cannot import with --mean ${mean}: the zeros around an image of "${
        padded!.text
      }" would stand for pixels of ` +
        `${mean * 255}; train it without Normalize's mean, or without padding in its first layer`,
    );
  }
  return built;
}

function requireAsMany(
  what: string,
  layers: readonly NetworkLayer[],
  found: readonly { readonly name: string }[],
  refuse: Refuse,
): void {
  if (layers.length === found.length) return;
  refuse(
    `the network has ${layers.length} ${what} (${
      layers.map(({ text }) => text).join(", ")
    }), and ` +
      `the file ${found.length} (${printableList(found.map(({ name }) => name))}); ` +
      "--network has all layers but the output's",
  );
}

/** The tensors of a layer with weights, in Weft's order. */
function valuesOf(
  network: Network,
  { name, text }: NetworkLayer,
  { name: inFile, weight, bias }: Weighted,
  refuse: Refuse,
): [name: string, values: Values][] {
  const tensor = (part: string): NetworkTensor =>
    network.tensors.find((it) => it.name === `${name}.${part}`)!;
  const [ofWeight, ofBias] = [tensor("weight"), tensor("bias")];
  const { length, matrix: { columns }, spec } = ofWeight;
  // PyTorch keeps the second dimension of a linear layer with one input.
  const shape = spec.isWindow ? fileShape(ofWeight) : [columns, length / columns];
  requireShape(`${inFile}.weight`, weight, text, shape, refuse);
  const shift = bias ?? filled(ofBias.length, 0);
  requireShape(`${inFile}.bias`, shift, text, [ofBias.length], refuse);
  return [
    [ofWeight.name, fromFile(ofWeight, Float32Array.from(weight.data))],
    [ofBias.name, Float32Array.from(shift.data)],
  ];
}

function filled(length: number, value: number): FloatTensor {
  return { shape: [length], data: new Float32Array(length).fill(value) };
}

function requireShape(
  name: string,
  { shape }: FloatTensor,
  text: string,
  wanted: readonly number[],
  refuse: Refuse,
): void {
  if (String(shape) === String(wanted)) return;
  refuse(
    `tensor ${quote(name)} has the shape ${formatShape(shape)}, and "${text}" asks for ${
      formatShape(wanted)
    }; where the order of the file's layers is another, give it with --layers`,
  );
}

function usedOf(tensors: ReadonlyMap<string, FloatTensor>, strays: readonly string[]) {
  return new Map([...tensors].filter(([name]) => !strays.includes(name)));
}

/** The first layer takes x where it took (x - mean) / std. */
function standardize(
  values: Map<string, Values>,
  { name }: NetworkLayer,
  { mean, std }: SequenceSettings,
): void {
  if (mean === 0 && std === 1) return;
  const [weight, bias] = [values.get(`${name}.weight`)!, values.get(`${name}.bias`)!];
  const outputs = bias.length;
  const sums = new Float64Array(outputs);
  weight.forEach((value, i) => sums[i % outputs] += value / std);
  values.set(`${name}.weight`, weight.map((value) => value / std));
  values.set(`${name}.bias`, bias.map((value, o) => value - mean * sums[o]));
}
