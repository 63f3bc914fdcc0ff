/** Checks a packed model that may come from anybody, before it is unpacked; see packed_model.ts for the format. */

import { checkedPreprocessing } from "../dataset/preprocessing/check_preprocessing.ts";
import { ACTIVATIONS } from "../nn/activations.ts";
import {
  aligned,
  decodePackedModel,
  EDGE_TASKS,
  headerFrom,
  type PackedHeader,
} from "./packed_model.ts";

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
  const { shapes, height, width, inputScale, element = "uint8", weights } = header ??
    {};
  return isCount(height) && isCount(width) &&
    Array.isArray(shapes) && shapes.length > 0 && shapes.length <= MOST_LAYERS &&
    shapes.every((shape, l) => isShape(shape, l === 0 ? height * width : shapes[l - 1].outputs)) &&
    Number.isFinite(inputScale) && isTask(header) && isPreprocessing(header) &&
    (element === "uint8" || element === "float32") &&
    (weights === "float32" || weights === "int8");
}

/** Whether rows become as many features as the network takes, if rows are what it is given. */
// deno-lint-ignore no-explicit-any -- whatever the file says
function isPreprocessing({ preprocessing, element, shapes }: any): boolean {
  if (preprocessing === undefined) return true;
  return element === "float32" &&
    typeof checkedPreprocessing(preprocessing, shapes[0].inputs) !== "string";
}

/** Whether the outputs have names, as many as its task has. */
// deno-lint-ignore no-explicit-any -- whatever the file says
function isTask({ task = "classification", classNames, targets, threshold = 0.5, shapes }: any) {
  if (!EDGE_TASKS.includes(task) || !(threshold > 0 && threshold < 1)) return false;
  const { outputs } = shapes.at(-1);
  const isList = (list: unknown, length: number, type: string) =>
    Array.isArray(list) && list.length === length &&
    list.every((item) => typeof item === type && (type === "string" || Number.isFinite(item)));
  if (task !== "regression") {
    return isList(classNames, task === "binary" ? 2 * outputs : outputs, "string");
  }
  const { names, mean, std } = targets ?? {};
  return isList(classNames, 0, "string") && isList(names, outputs, "string") &&
    isList(mean, outputs, "number") && isList(std, outputs, "number");
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
