/** Checks a packed model that may come from anybody, before it is unpacked; see packed_model.ts for the format. */

import { checkedPreprocessing } from "../dataset/preprocessing/check_preprocessing.ts";
import { ACTIVATIONS } from "../nn/activations.ts";
import {
  aligned,
  decodePackedModel,
  EDGE_TASKS,
  headerFrom,
  lengthAfter,
  type PackedHeader,
  pooled,
  weightSize,
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
  const bytes = header.shapes.reduce((sum, shape) => {
    const [rows, columns] = weightSize(shape);
    return sum + aligned(rows * columns * weights) + columns * WORD * (weights === 1 ? 2 : 1);
  }, WORD + aligned(length));
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
  const { shapes, height, width, channels, inputScale, element = "uint8", weights } = header ??
    {};
  return isCount(height) && isCount(width) &&
    Array.isArray(shapes) && shapes.length > 0 && shapes.length <= MOST_LAYERS &&
    shapes.every((shape, l) =>
      isShape(shape, l === 0 ? height * width : lengthAfter(shapes[l - 1]))
    ) &&
    Number.isFinite(inputScale) && isTask(header) && isPreprocessing(header) &&
    (element === "uint8" || element === "float32") &&
    (channels === undefined || (channels === 3 && element === "uint8" && width % 3 === 0)) &&
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
  const { inputs, outputs, activations, convolution } = shape ?? {};
  if (!isCount(inputs) || inputs !== from || !isCount(outputs)) return false;
  if (!Array.isArray(activations) || activations.length > MOST_LAYERS) return false;
  if (convolution !== undefined && !isConvolution(convolution, inputs, outputs)) return false;
  let length = outputs;
  return activations.every((step) => {
    if (typeof step === "string") return ACTIVATIONS.some((activation) => activation === step);
    if (!isPool(step, length)) return false;
    length = pooled(step);
    return true;
  });
}

/** Whether it is a pool over images of so many numbers. */
// deno-lint-ignore no-explicit-any -- whatever the file says
function isPool(step: any, length: number): boolean {
  const { of, window, image } = step ?? {};
  return (of === "largest" || of === "mean") && isList(image, 3) && isList(window, 2) &&
    image[0] * image[1] * image[2] === length && window[0] <= image[0] && window[1] <= image[1];
}

/** Whether all it says of images, windows and positions goes together, so that no kernel reads beyond what there is. */
// deno-lint-ignore no-explicit-any -- whatever the file says
function isConvolution(shape: any, inputs: number, outputs: number): boolean {
  const { height, width, channels, kernelHeight, kernelWidth, stride } = shape ?? {};
  const { padTop, padLeft, outHeight, outWidth, outputs: filters, groups } = shape ?? {};
  const counts = [height, width, channels, kernelHeight, kernelWidth, stride];
  counts.push(outHeight, outWidth, filters, groups);
  const isPadding = (padding: unknown, window: number) =>
    Number.isInteger(padding) && padding as number >= 0 && padding as number < window;
  return counts.every(isCount) && isPadding(padTop, kernelHeight) &&
    isPadding(padLeft, kernelWidth) &&
    channels % groups === 0 && filters % groups === 0 &&
    height * width * channels === inputs && outHeight * outWidth * filters === outputs &&
    (outHeight - 1) * stride < height + padTop && (outWidth - 1) * stride < width + padLeft &&
    ((outHeight - 1) * stride + kernelHeight) * ((outWidth - 1) * stride + kernelWidth) *
          channels <= MOST;
}

// deno-lint-ignore no-explicit-any -- whatever the file says
function isList(list: any, length: number): boolean {
  return Array.isArray(list) && list.length === length && list.every(isCount);
}

const MOST = 2 ** 26;

/** Whether it is a whole number from 1, and products of two of them are exact. */
function isCount(value: unknown): boolean {
  return Number.isInteger(value) && value as number > 0 && value as number <= MOST;
}
