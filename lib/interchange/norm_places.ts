/** Where batch normalization stands among linear layers, and what becomes of it there. */

import { printableList, quote, type Refuse } from "./import_refusal.ts";
import type { LinearLayer } from "./linear_layer.ts";
import { compareNaturally, wordsOf } from "./natural_order.ts";
import { foldAfter, foldBefore, type NormLayer } from "./norm_layers.ts";
import { NORM_EPSILON } from "../nn/layers/batch_norm.ts";

/** A norm and the layer that takes it up. */
export interface NormPlace {
  readonly norm: NormLayer;
  readonly layer: LinearLayer;
  /** Whether it takes the layer's inputs, and not its outputs. */
  readonly isBefore: boolean;
}

/** After the layer that is named before it; before the first one where there is none. */
export function placeInOrder(
  norm: NormLayer,
  order: readonly string[],
  layers: readonly LinearLayer[],
): NormPlace {
  const names = order.slice(0, order.indexOf(norm.name)).reverse();
  const layer = names.map((name) => layers.find((it) => it.name === name)).find((it) => it);
  return { norm, layer: layer ?? layers[0], isBefore: !layer };
}

/**
 * In an `nn.Sequential` numbers tell: right after a linear layer, a norm takes its outputs; after a gap, in which the activation
 * has its place, the inputs of the next. Elsewhere names with the same numbers belong together, as `fc1` and `bn1` do.
 *
 * @param layers all of the file
 * @returns null where names do not tell
 */
export function placeByName(norm: NormLayer, layers: readonly LinearLayer[]): NormPlace | null {
  const sorted = layers.toSorted((a, b) => compareNaturally(a.name, b.name));
  const features = norm.mean.data.length;
  const numbered = sorted.filter(({ name }) =>
    /(^|\.)\d+$/.test(name) && wordsOf(name) === wordsOf(norm.name) &&
    stemOf(name) === stemOf(norm.name)
  );
  if (numbered.length > 0) {
    const before = numbered.findLast(({ name }) => compareNaturally(name, norm.name) < 0);
    if (before && lastNumber(before.name) + 1n === lastNumber(norm.name)) {
      return { norm, layer: before, isBefore: false };
    }
    const next = numbered.find(({ name }) => compareNaturally(name, norm.name) > 0);
    return next ? { norm, layer: next, isBefore: true } : null;
  }
  const numbers = numbersOf(norm.name);
  const siblings = sorted.filter(({ name }) => parentOf(name) === parentOf(norm.name));
  const isSame = ({ name }: LinearLayer) => numbers !== "" && numbersOf(name) === numbers;
  const fits = ({ weight, bias }: LinearLayer) => (bias?.shape ?? weight.shape)[0] === features;
  const candidates = [siblings, sorted].map((from) => from.filter(isSame));
  candidates.push(siblings.filter(fits));
  const only = candidates.find(({ length }) => length === 1);
  return only ? { norm, layer: only[0], isBefore: false } : null;
}

export function refuseNorm(
  { name }: NormLayer,
  layers: readonly LinearLayer[],
  refuse: Refuse,
): never {
  return refuse(
    `names do not tell which layer the batch normalization ${
      quote(name)
    } follows; give the order ` +
      `with --layers, such as --layers ${printableList([layers[0].name, name])},...; its linear ` +
      `layers are ${printableList(layers.map(({ name }) => name))}`,
  );
}

/** Layers without norms that compute what they and their norms did. */
export function foldNorms(
  layers: readonly LinearLayer[],
  places: readonly NormPlace[],
  refuse: Refuse,
  onNote: (note: string) => void,
): LinearLayer[] {
  return layers.map((layer) => {
    let folded = layer;
    for (const { norm, isBefore } of places.filter((it) => it.layer.name === layer.name)) {
      const features = norm.mean.data.length;
      const size = isBefore ? layer.inputs : layer.outputs;
      if (features !== size) {
        refuse(
          `batch normalization ${quote(norm.name)} has ${features} features, but layer ` +
            `${quote(layer.name)} has ${size} ${isBefore ? "inputs" : "outputs"}; give the order ` +
            "with --layers",
        );
      }
      const negative = norm.variance.data.find((variance) => !(variance >= 0));
      if (negative !== undefined) {
        refuse(`the variances of batch normalization ${quote(norm.name)} have ${negative}`);
      }
      folded = isBefore ? foldBefore(folded, norm) : foldAfter(folded, norm);
      onNote(
        `batch normalization ${quote(norm.name)} is folded into layer ${
          quote(layer.name)
        }, as if ` +
          (isBefore ? "before it and after the activation" : "between it and the activation") +
          `; its epsilon is taken to be ${NORM_EPSILON}`,
      );
    }
    return folded;
  });
}

/** The path of a name. */
function parentOf(name: string): string {
  return name.replace(/[^.]*$/, "");
}

/** A name up to its last number. */
function stemOf(name: string): string {
  return name.replace(/\d+$/, "");
}

function lastNumber(name: string): bigint {
  return BigInt(/\d{1,1000}$/.exec(name)?.[0] ?? 0);
}

function numbersOf(name: string): string {
  return (name.match(/\d+/g) ?? []).join(".");
}
