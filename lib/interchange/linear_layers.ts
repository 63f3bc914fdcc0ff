/**
 * Finds the linear layers of a network in a file of tensors that PyTorch's naming gives:
 * `NAME.weight` [outputs, inputs] and `NAME.bias` [outputs], or no bias. NAME is a number in an
 * `nn.Sequential` (`0`, `2`), an attribute (`fc1`), or a path of both (`net.0`); empty for a lone
 * `nn.Linear`.
 *
 * Files are sorted by name or by size, not by layer, and say nothing of the order. Names do, as
 * people read them: `fc2` comes before `fc10`.
 */

import { UsageError, WeftError } from "../errors.ts";
import type { FloatTensor } from "../model/safetensors.ts";
import { formatShape, printableList, quote, type Refuse } from "./import_refusal.ts";
import type { LinearLayer } from "./linear_layer.ts";
import { compareNaturally, refuseTwins } from "./natural_order.ts";
import { findNorms, type NormLayer, normTensorNames } from "./norm_layers.ts";
import { foldNorms, type NormPlace, placeByName, placeInOrder, refuseNorm } from "./norm_places.ts";

/** What is known of a network besides its file, and who hears what was made of that. */
export interface LayerHints {
  /** Inputs of the first layer: they tell a lone weight from its transpose. */
  readonly inputs?: number;
  /** Types of the file's other tensors by name: those that hold no floating-point numbers. */
  readonly others?: ReadonlyMap<string, string>;
  /** Hears in a line each what the names and shapes were taken to mean. */
  readonly onNote?: (note: string) => void;
  /** Hears the names of tensors that are no part of the layers. */
  readonly onLeftOut?: (names: readonly string[]) => void;
}

/**
 * The layers from the input side, with batch normalization folded into them.
 *
 * @param tensors by name
 * @param source what to call the file in errors
 * @param order names of the layers from the input side, where their names do not tell, or where the file holds more; those of
 * normalizations may be among them, each after the layer whose outputs it takes
 * @throws {WeftError} naming the first tensor that is no part of a linear layer, or the layers that
 * do not follow each other
 * @throws {UsageError} where `order` names a layer twice, or one that there is not
 */
export function linearLayers(
  tensors: ReadonlyMap<string, FloatTensor>,
  source: string,
  order?: readonly string[],
  hints: LayerHints = {},
): LinearLayer[] {
  const { others = new Map<string, string>(), onNote = () => {} } = hints;
  const refuse: Refuse = (reason) => {
    throw new WeftError(`Cannot import ${source}: ${reason}`);
  };
  const { norms, owned } = findNorms(tensors);
  const strays = [...others.keys()].filter((name) => !owned.has(name));
  if (!order && strays.length > 0) {
    refuse(
      `tensor ${quote(strays[0])} is of type ${quote(others.get(strays[0])!)}, and weights are ` +
        `floating-point numbers; ${SELECT}`,
    );
  }
  const found = findLayers(tensors, owned, order !== undefined, refuse);
  strays.push(...found.strays);
  let layers = found.layers;
  let places: NormPlace[];
  if (order) {
    requireNames(order, layers, norms, source);
    const chosen = order.map((name) => layers.find((layer) => layer.name === name));
    const isChosen = (layer: LinearLayer) => chosen.includes(layer);
    strays.push(...layers.filter((layer) => !isChosen(layer)).flatMap(tensorNames));
    layers = chosen.filter((layer) => layer !== undefined);
    const named = norms.filter(({ name }) => order.includes(name));
    const rest = norms.filter((norm) => !named.includes(norm));
    places = [
      ...named.map((norm) => placeInOrder(norm, order, layers)),
      // A norm of a layer that is left out is left out with it.
      ...rest.map((norm) => placeByName(norm, found.layers))
        .filter((place) => place !== null && layers.includes(place.layer))
        .map((place) => place!),
    ];
    const placed = places.map(({ norm }) => norm);
    for (const norm of norms.filter((norm) => !placed.includes(norm))) {
      const mayBeTheirs = layers.some(({ outputs }) => outputs === norm.mean.data.length);
      if (mayBeTheirs && placeByName(norm, found.layers) === null) {
        refuseNorm(norm, layers, refuse);
      }
      strays.push(...normTensorNames(norm));
    }
  } else {
    layers.sort((a, b) => compareNaturally(a.name, b.name));
    places = norms.map((norm) => placeByName(norm, layers) ?? refuseNorm(norm, layers, refuse));
  }
  layers = oriented(layers, hints.inputs, refuse, onNote);
  if (!order) {
    const shapes = layers.map(({ name, outputs, inputs }) => ({ name, shape: [outputs, inputs] }));
    refuseTwins(shapes, refuse);
  }
  refuseBreaks(layers, refuse);
  hints.onLeftOut?.(strays);
  if (strays.length > 0) onNote(`left out: ${printableList(strays)} (tensors: ${strays.length})`);
  return foldNorms(layers, places, refuse, onNote);
}

const SELECT = "where the file holds more than the network, name its layers with --layers";

function findLayers(
  tensors: ReadonlyMap<string, FloatTensor>,
  owned: ReadonlySet<string>,
  mayHoldMore: boolean,
  refuse: Refuse,
): { readonly layers: LinearLayer[]; readonly strays: readonly string[] } {
  if (tensors.size === 0) refuse("it holds no tensors");
  const layers: LinearLayer[] = [];
  const strays: string[] = [];
  for (const [tensorName, tensor] of tensors) {
    if (owned.has(tensorName)) continue;
    const { shape } = tensor;
    const [, name, kind] = /^(?:([^]+)\.)?(weight|bias)$/.exec(tensorName) ?? [];
    const isPart = kind !== undefined && shape.length === (kind === "weight" ? 2 : 1);
    const prefix = tensorName.slice(0, -(kind?.length ?? 0));
    const weight = tensors.get(`${prefix}weight`);
    const isLone = kind === "bias" && weight?.shape.length !== 2;
    if (mayHoldMore && (!isPart || isLone)) {
      strays.push(tensorName);
      continue;
    }
    if (!isPart) {
      refuse(
        `tensor ${quote(tensorName)} of shape ${
          formatShape(shape)
        } is no part of a linear layer, ` +
          "whose NAME.weight is [outputs, inputs] and whose NAME.bias is [outputs]; " +
          `only networks of linear layers can be imported; ${SELECT}`,
      );
    }
    if (kind === "bias") {
      if (weight) continue;
      refuse(`tensor ${quote(tensorName)} has no ${quote(`${prefix}weight`)} beside it`);
    }
    const [outputs, inputs] = shape;
    if (outputs === 0 || inputs === 0) {
      refuse(`tensor ${quote(tensorName)} of shape ${formatShape(shape)} is empty`);
    }
    const bias = tensors.get(`${prefix}bias`) ?? null;
    layers.push({ name: name ?? "", inputs, outputs, weight: tensor, bias });
  }
  if (layers.length === 0) {
    refuse("it holds no linear layer, whose NAME.weight is [outputs, inputs]");
  }
  return { layers, strays };
}

function prefixOf(name: string): string {
  return name === "" ? "" : `${name}.`;
}

function tensorNames({ name, bias }: LinearLayer): string[] {
  return ["weight", ...bias ? ["bias"] : []].map((part) => prefixOf(name) + part);
}

function requireNames(
  order: readonly string[],
  layers: readonly LinearLayer[],
  norms: readonly NormLayer[],
  source: string,
): void {
  const names = new Set([...layers, ...norms].map(({ name }) => name));
  const stranger = order.find((name) => !names.has(name));
  const hasLayer = layers.some(({ name }) => order.includes(name));
  if (stranger === undefined && hasLayer && new Set(order).size === order.length) return;
  const found = layers.map(({ name }) => name).sort(compareNaturally);
  const reason = stranger !== undefined
    ? `it has no ${quote(stranger)}`
    : hasLayer
    ? "each layer must be named once"
    : "none of them is a linear layer";
  throw new UsageError(
    `Cannot import ${source} with --layers ${printableList(order)}: ${reason}` +
      `; its layers are ${printableList(found)}`,
  );
}

/**
 * Layers whose weights are all [outputs, inputs], those of a file that has them [inputs, outputs] transposed. Biases and the
 * chain of layers tell which it is.
 */
function oriented(
  layers: LinearLayer[],
  inputs: number | undefined,
  refuse: Refuse,
  onNote: (note: string) => void,
): LinearLayer[] {
  const turned = layers.map((layer) => ({
    ...layer,
    inputs: layer.outputs,
    outputs: layer.inputs,
  }));
  const fits = (chain: readonly LinearLayer[]) =>
    chain.every(({ outputs, bias }) => !bias || String(bias.shape) === String([outputs])) &&
    chain.every((layer, l) => l === 0 || chain[l - 1].outputs === layer.inputs);
  const takesInputs = (chain: readonly LinearLayer[]) =>
    inputs === undefined || chain[0].inputs === inputs;
  const isStandard = fits(layers) && (takesInputs(layers) || !takesInputs(turned));
  if (!isStandard && fits(turned)) {
    onNote("weights are [inputs, outputs] in the file, and were transposed");
    return turned.map((layer) => ({ ...layer, weight: transposed(layer.weight) }));
  }
  for (const { name, outputs, weight, bias } of layers) {
    if (!bias || String(bias.shape) === String([outputs])) continue;
    refuse(
      `tensor ${quote(`${prefixOf(name)}bias`)} has the shape ${formatShape(bias.shape)}, but ` +
        `${quote(`${prefixOf(name)}weight`)} is ${
          formatShape(weight.shape)
        } and asks for [${outputs}]`,
    );
  }
  return layers;
}

function transposed({ shape: [rows, columns], data }: FloatTensor): FloatTensor {
  const turned = data.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
  }
  return { shape: [columns, rows], data: turned };
}

function refuseBreaks(layers: readonly LinearLayer[], refuse: Refuse): void {
  for (const [i, layer] of layers.entries()) {
    const before = layers[i - 1];
    if (i === 0 || before.outputs === layer.inputs) continue;
    refuse(
      `layer ${quote(layer.name)} takes ${layer.inputs} inputs, but ${quote(before.name)} before ` +
        `it has ${before.outputs} outputs; where the order is another than ` +
        `${printableList(layers.map(({ name }) => name))}, give it with --layers`,
    );
  }
}

export { compareNaturally };
