/** Reads what a model file says of its model besides the weights, by version of the format (model_file.ts). */
import { type Distance, DISTANCES } from "../backend/distances.ts";
import { checkedPreprocessing } from "../dataset/preprocessing/check_preprocessing.ts";
import type { Preprocessing } from "../dataset/preprocessing/preprocessing.ts";
import { messageOf, UsageError } from "../errors.ts";
import { ACTIVATIONS } from "../nn/activations.ts";
import type { Architecture } from "../nn/architecture.ts";
import { sizeOf } from "../nn/layer.ts";
import { Network } from "../nn/network.ts";
import { imageSize, type Model, type ModelTargets } from "./model.ts";
import { isScale, isSize, type Metadata, SCALE } from "./model_metadata.ts";

const TASKS = ["classification", "binary", "multi-label", "regression"] as const;

/** A model but for its weights. */
export type ModelFacts = Omit<Model, "parameters">;

/** @throws {WeftError} where a field is missing or cannot be used */
export function factsOf(metadata: Metadata): ModelFacts {
  return metadata.version === "1" ? ofVersion1(metadata) : ofVersion2(metadata);
}

function ofVersion1(metadata: Metadata): ModelFacts {
  return {
    architecture: {
      inputs: metadata.size("inputs"),
      hidden: metadata.sizes("hidden"),
      outputs: metadata.size("outputs"),
      activation: metadata.oneOf("activation", ACTIVATIONS),
    },
    height: metadata.size("height"),
    width: metadata.size("width"),
    inputScale: metadata.scale("inputScale"),
    classNames: metadata.texts("classNames"),
    preset: metadata.text("preset"),
  };
}

function ofVersion2(metadata: Metadata): ModelFacts {
  const task = metadata.oneOf("task", TASKS);
  const input = readInput(metadata);
  const { element, shape } = input;
  const targets = task === "regression" ? readTargets(metadata) : null;
  const classNames = targets ? [] : metadata.texts("classNames");
  const layers = metadata.texts("layers");
  if (task === "binary" && classNames.length !== 2) {
    metadata.fail(`a binary task has two class names, and there are ${classNames.length}`);
  }
  const outputs = task === "binary" ? 1 : (targets?.names ?? classNames).length;
  const sequence = { inputs: sizeOf(shape), shape, layers, outputs };
  const hasThreshold = metadata.file.metadata.has("threshold");
  return {
    architecture: networkOf(sequence, metadata).architecture,
    ...imageSize(shape),
    inputScale: input.scale,
    ...(element === "uint8" && shape[2] === 1 ? {} : { input: { element, shape } }),
    ...(task === "classification" ? {} : { task }),
    classNames,
    ...(targets ? { targets } : {}),
    ...(hasThreshold ? { threshold: readThreshold(metadata) } : {}),
    ...readPreprocessing(metadata, sizeOf(shape)),
    preset: metadata.text("preset"),
  };
}

function readThreshold(metadata: Metadata): number {
  const threshold = Number(metadata.text("threshold"));
  if (threshold > 0 && threshold < 1) return threshold;
  return metadata.fail(`its "threshold" is no number between 0 and 1`);
}

/** Nothing, if the model was not trained on a table. */
function readPreprocessing(
  metadata: Metadata,
  features: number,
): { readonly preprocessing?: Preprocessing } {
  if (!metadata.file.metadata.has("preprocessing")) return {};
  const preprocessing = checkedPreprocessing(metadata.object("preprocessing"), features);
  if (typeof preprocessing !== "string") return { preprocessing };
  return metadata.fail(`its "preprocessing" cannot be used (${preprocessing})`);
}

function readTargets(metadata: Metadata): ModelTargets {
  const { names, mean, std, huber = 0, distance } = metadata.object("targets");
  const isList = <T>(list: unknown, isItem: (item: unknown) => boolean): list is T[] =>
    Array.isArray(list) && list.length > 0 && list.every(isItem);
  if (
    isList<string>(names, (name) => typeof name === "string") &&
    isList<number>(mean, Number.isFinite) && mean.length === names.length &&
    isList<number>(std, (value) => Number.isFinite(value) && value as number > 0) &&
    std.length === names.length && Number.isFinite(huber) && huber as number >= 0 &&
    (distance === undefined || DISTANCES.includes(distance as Distance))
  ) {
    const other = distance === undefined ? {} : { distance: distance as Distance };
    return { names, mean, std, huber: huber as number, ...other };
  }
  return metadata.fail(
    `its "targets" are not names with as many numbers for mean and std, those above 0`,
  );
}

function readInput(metadata: Metadata) {
  const { height, width, channels, element, scale, shape: given } = metadata.object("input");
  const shape: unknown = given ?? [height, width, channels];
  const isShape = Array.isArray(shape) && [1, 3].includes(shape.length) && shape.every(isSize);
  if (isShape && element === "float32") {
    return { element, shape: shape as number[], scale: 1 } as const;
  }
  if (isShape && element === "uint8" && isScale(scale)) {
    return { element, shape: shape as number[], scale } as const;
  }
  return metadata.fail(
    `its "input" is not height x width bytes with channels and a scale (${SCALE}), nor a shape of float32`,
  );
}

/** Layers that anybody may have written are read as those of a user are. */
export function networkOf(architecture: Architecture, metadata: Metadata): Network {
  try {
    const network = Network.of(architecture);
    const other = network.layers.find(({ kind, layer }) => kind.folds || layer.isForTraining);
    if (other) metadata.fail(`its layer "${other.text}" is for training alone`);
    return network;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return metadata.fail(`its layers cannot be used (${messageOf(error)})`);
  }
}
