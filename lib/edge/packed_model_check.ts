/** Checks a packed model that may come from anybody, before it is unpacked; see packed_model.ts for the format. */

import { ACTIVATIONS } from "../nn/activations.ts";
import { aligned, decodePackedModel, headerFrom, type PackedHeader } from "./packed_model.ts";

const WORD = 4;

/** More layers, or activations after one, are in no network that `export` has written. */
const MOST_LAYERS = 1000;

/** Whether it is whole, its parts fit to each other, and its numbers are finite. */
export function isSoundModel(section: ArrayBuffer): boolean {
  if (section.byteLength < WORD) return false;
  const length = new DataView(section).getUint32(0, true);
  if (length > section.byteLength - WORD) return false;
  const header = parse(new Uint8Array(section, WORD, length));
  if (!isHeader(header)) return false;
  const weights = header.weights === "float32" ? WORD : 1;
  const bytes = header.shapes.reduce(
    (sum, { inputs, outputs }) =>
      sum + aligned(inputs * outputs * weights) + outputs * WORD * (weights === 1 ? 2 : 1),
    WORD + aligned(length),
  );
  if (bytes !== section.byteLength) return false;
  return decodePackedModel(section).layers.every(({ weights, scales, bias }) =>
    [weights, scales ?? [], bias].every((values) => values.every(Number.isFinite))
  );
}

// deno-lint-ignore no-explicit-any -- whatever the file says
function parse(bytes: Uint8Array): any {
  try {
    return headerFrom(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

// deno-lint-ignore no-explicit-any -- whatever the file says
function isHeader(header: any): header is PackedHeader {
  const { shapes, height, width, inputScale, element = "uint8", classNames, weights } = header ??
    {};
  return isCount(height) && isCount(width) &&
    Array.isArray(shapes) && shapes.length > 0 && shapes.length <= MOST_LAYERS &&
    shapes.every((shape, l) => isShape(shape, l === 0 ? height * width : shapes[l - 1].outputs)) &&
    Number.isFinite(inputScale) && (element === "uint8" || element === "float32") &&
    Array.isArray(classNames) &&
    classNames.length === shapes.at(-1).outputs &&
    classNames.every((name) => typeof name === "string") &&
    (weights === "float32" || weights === "int8");
}

/** @param from what the layer before gives */
// deno-lint-ignore no-explicit-any -- whatever the file says
function isShape(shape: any, from: number): boolean {
  const { inputs, outputs, activations } = shape ?? {};
  return isCount(inputs) && inputs === from && isCount(outputs) &&
    Array.isArray(activations) && activations.length <= MOST_LAYERS &&
    activations.every((activation) => ACTIVATIONS.includes(activation));
}

/** Whether it is a whole number from 1, and products of two of them are exact. */
function isCount(value: unknown): boolean {
  return Number.isInteger(value) && value as number > 0 && value as number <= 2 ** 26;
}
