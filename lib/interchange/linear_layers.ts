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

/** One layer, y = W x + b. */
export interface LinearLayer {
  /** `fc1`; empty where the tensors are `weight` and `bias`. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Shape [outputs, inputs]. */
  readonly weight: FloatTensor;
  /** Shape [outputs]; null where the layer has none. */
  readonly bias: FloatTensor | null;
}

/** Names to show of as many layers, in errors. */
const SHOWN_LAYERS = 8;

/**
 * The layers from the input side.
 *
 * @param tensors by name
 * @param source what to call the file in errors
 * @param order names of the layers from the input side, where their names do not tell
 * @throws {WeftError} naming the first tensor that is no part of a linear layer, or the layers that
 * do not follow each other
 * @throws {UsageError} where `order` does not name each layer once
 */
export function linearLayers(
  tensors: ReadonlyMap<string, FloatTensor>,
  source: string,
  order?: readonly string[],
): LinearLayer[] {
  const refuse: Refuse = (reason) => {
    throw new WeftError(`Cannot import ${source}: ${reason}`);
  };
  const layers = findLayers(tensors, refuse);
  if (order) {
    requireEachOnce(order, layers, source);
    layers.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  } else {
    layers.sort((a, b) => compareNaturally(a.name, b.name));
    refuseTwins(layers, refuse);
  }
  refuseBreaks(layers, refuse);
  return layers;
}

/** Names as people order them: numbers by their value, all else by its characters. */
export function compareNaturally(a: string, b: string): number {
  const [partsA, partsB] = [a, b].map((name) => name.split(/(\d+)/));
  // Texts and numbers take turns, from a text on, so parts at one place are of one kind.
  for (let i = 0; i < Math.min(partsA.length, partsB.length); i++) {
    const order = i % 2 === 0
      ? compareTexts(partsA[i], partsB[i])
      : compareNumbers(partsA[i], partsB[i]);
    if (order !== 0) return order;
  }
  return partsA.length - partsB.length || compareTexts(a, b);
}

type Refuse = (reason: string) => never;

function findLayers(tensors: ReadonlyMap<string, FloatTensor>, refuse: Refuse): LinearLayer[] {
  if (tensors.size === 0) refuse("it holds no tensors");
  const layers: LinearLayer[] = [];
  for (const [tensorName, tensor] of tensors) {
    const { shape } = tensor;
    const [, name, kind] = /^(?:([^]+)\.)?(weight|bias)$/.exec(tensorName) ?? [];
    if (kind === undefined || shape.length !== (kind === "weight" ? 2 : 1)) {
      refuse(
        `tensor ${quote(tensorName)} of shape ${
          formatShape(shape)
        } is no part of a linear layer, ` +
          "whose NAME.weight is [outputs, inputs] and whose NAME.bias is [outputs]; " +
          "only networks of linear layers can be imported",
      );
    }
    const prefix = tensorName.slice(0, -kind.length);
    if (kind === "bias") {
      if (tensors.has(`${prefix}weight`)) continue;
      refuse(`tensor ${quote(tensorName)} has no ${quote(`${prefix}weight`)} beside it`);
    }
    const [outputs, inputs] = shape;
    if (outputs === 0 || inputs === 0) {
      refuse(`tensor ${quote(tensorName)} of shape ${formatShape(shape)} is empty`);
    }
    const bias = tensors.get(`${prefix}bias`) ?? null;
    if (bias && String(bias.shape) !== String([outputs])) {
      refuse(
        `tensor ${quote(`${prefix}bias`)} has the shape ${formatShape(bias.shape)}, but ` +
          `${quote(tensorName)} is ${formatShape(shape)} and asks for [${outputs}]`,
      );
    }
    layers.push({ name: name ?? "", inputs, outputs, weight: tensor, bias });
  }
  return layers;
}

function requireEachOnce(
  order: readonly string[],
  layers: readonly LinearLayer[],
  source: string,
): void {
  const names = new Set(layers.map(({ name }) => name));
  const stranger = order.find((name) => !names.has(name));
  if (stranger === undefined && order.length === names.size && new Set(order).size === names.size) {
    return;
  }
  const found = layers.map(({ name }) => name).sort(compareNaturally);
  throw new UsageError(
    `Cannot import ${source} with --layers ${printableList(order)}: ` +
      (stranger === undefined ? "each layer must be named once" : `it has no ${quote(stranger)}`) +
      `; its layers are ${printableList(found)}`,
  );
}

/**
 * Two layers of one shape could change places unnoticed. Numbers tell which is first; other words do
 * not: `hidden` comes before `input`.
 */
function refuseTwins(layers: readonly LinearLayer[], refuse: Refuse): void {
  const seen = new Map<string, LinearLayer>();
  for (const layer of layers) {
    const shape = `${layer.outputs}, ${layer.inputs}`;
    const twin = seen.get(shape);
    if (twin && wordsOf(twin.name) !== wordsOf(layer.name)) {
      refuse(
        `layers ${quote(twin.name)} and ${quote(layer.name)} both are [${shape}], and their ` +
          "names do not tell which is first; give the order from the input side with --layers; " +
          `its layers are ${printableList(layers.map(({ name }) => name))}`,
      );
    }
    seen.set(shape, layer);
  }
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

/** A name without its numbers. */
function wordsOf(name: string): string {
  return name.replace(/\d+/g, "#");
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As texts, because a hostile name may have more digits than a number. */
function compareNumbers(a: string, b: string): number {
  const [plainA, plainB] = [a, b].map((digits) => digits.replace(/^0+(?=\d)/, ""));
  return plainA.length - plainB.length || compareTexts(plainA, plainB);
}

function printableList(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_LAYERS).map((name) => quote(name).slice(1, -1));
  return shown.join(",") + (names.length > SHOWN_LAYERS ? ",..." : "");
}

/** A name from the file, on one line and short, whatever it holds. */
function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}...` : name);
}

function formatShape(shape: readonly number[]): string {
  return `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", ..." : ""}]`;
}
