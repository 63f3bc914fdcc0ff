/**
 * A model as a safetensors file that says everything about itself, and that other tools read.
 *
 * Tensors are named as PyTorch names them: `layers.0.weight` with shape [outputs, inputs],
 * `layers.0.bias` with shape [outputs]; layer 0 is the one with weights that is next to the input.
 *
 * Metadata, all texts. Version 1 says what a multilayer perceptron is: `format` "weft-mlp",
 * `formatVersion` "1", `inputs`, `hidden` (JSON array), `outputs`, `activation`, `height`, `width`,
 * `inputScale`, `classNames` (JSON array), `preset`. Version 2 says what any sequence of layers is,
 * and is written where version 1 cannot say it: `format` "weft", `formatVersion` "2", `task`
 * (classification, binary, multi-label or regression), `layers` (JSON array, as `--layers` writes them, without the output's), `input`
 * (JSON: `element` "uint8", `scale` and `height`, `width`, `channels` or `shape`; or `element` "float32" and `shape`),
 * `classNames` (of binary tasks those of no and yes) and, where it is not 0.5, `threshold`, or of regression `targets` (JSON:
 * `names`, `mean`, `std`, `huber`), of models that were trained on a table `preprocessing` (JSON: what raw rows go through, as
 * lib/dataset/preprocessing/preprocessing.ts says), `preset`. Both have `sha256`: 64 hexadecimal
 * digits, of the bytes of all tensors in the file's order. Files of Weft's versions that wrote no digest have none.
 */
import { checkedPreprocessing } from "../dataset/preprocessing/check_preprocessing.ts";
import type { Preprocessing } from "../dataset/preprocessing/preprocessing.ts";
import { messageOf, UsageError, WeftError } from "../errors.ts";
import { ACTIVATIONS } from "../nn/activations.ts";
import { type Architecture, sequenceOf } from "../nn/architecture.ts";
import { Network } from "../nn/network.ts";
import { sizeOf } from "../nn/layer.ts";
import { parametersOf, tensorsOf } from "../nn/tensors.ts";
import { isInputScale } from "./finite.ts";
import { imageSize, inputOf, type Model, type ModelTargets } from "./model.ts";
import {
  bytesInFile,
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  requireFinite,
  type SafetensorsFile,
} from "./safetensors.ts";
import { sha256 } from "./sha256.ts";

/** By version. */
const FORMATS: Readonly<Record<string, string>> = { "1": "weft-mlp", "2": "weft" };
const TASKS = ["classification", "binary", "multi-label", "regression"] as const;
const DIGEST = "sha256";
/** What a scale must be. */
const SCALE = "a number above 0 that float32 holds, and 255 times it too";

/** The bytes of a model file; the same model gives the same bytes. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const tensors = modelTensors(model);
  return encodeSafetensors(tensors, { ...modelMetadata(model), [DIGEST]: digestOf(tensors) });
}

/** The parameters under PyTorch's names and in its shapes, from the input side. */
export function modelTensors({ architecture, parameters }: Model): NamedTensor[] {
  const network = Network.of(architecture);
  const tensors = network.pick(tensorsOf(parameters));
  return network.tensors.map(({ name, length, matrix: { columns } }) => ({
    name,
    shape: fileShape(length, columns),
    data: transpose(tensors.get(name)!, length / columns, columns),
  }));
}

/** PyTorch keeps weights [outputs, inputs], and biases [outputs]. */
function fileShape(length: number, columns: number): number[] {
  return length === columns ? [columns] : [columns, length / columns];
}

/** All that using a model takes besides its parameters, as texts; see the top of this file. */
export function modelMetadata(model: Model): Record<string, string> {
  const { architecture, height, width, inputScale, classNames, preset } = model;
  if ("layers" in architecture || model.input || model.task) {
    return {
      format: FORMATS[2],
      formatVersion: "2",
      task: model.task ?? "classification",
      layers: JSON.stringify(sequenceOf(architecture).layers),
      input: JSON.stringify(inputFields(model)),
      ...(model.targets
        ? { targets: JSON.stringify(model.targets) }
        : { classNames: JSON.stringify(classNames) }),
      ...(model.threshold === undefined ? {} : { threshold: String(model.threshold) }),
      ...(model.preprocessing ? { preprocessing: JSON.stringify(model.preprocessing) } : {}),
      preset,
    };
  }
  return {
    format: FORMATS[1],
    formatVersion: "1",
    inputs: String(architecture.inputs),
    hidden: JSON.stringify(architecture.hidden),
    outputs: String(architecture.outputs),
    activation: architecture.activation,
    height: String(height),
    width: String(width),
    inputScale: String(inputScale),
    classNames: JSON.stringify(classNames),
    preset,
  };
}

/** How a file of version 2 says what a row is. */
function inputFields(model: Model): object {
  const { element, shape } = inputOf(model);
  const [height, width, channels] = shape;
  if (element === "float32") return { element, shape };
  const size = channels === undefined ? { shape } : { height, width, channels };
  return { ...size, element, scale: model.inputScale };
}

/**
 * Decodes a model file.
 *
 * @param source what to call the file in errors, such as its path
 * @throws {WeftError} where it is damaged (also where its tensors have another digest than it says), is not Weft's,
 * contradicts itself, or holds a weight that is not finite
 */
export function decodeModel(bytes: Uint8Array, source = "the model"): Model {
  const file = decodeSafetensors(bytes, source);
  const metadata = new Metadata(file, source);
  const { architecture, ...rest } = metadata.version === "1"
    ? ofVersion1(metadata)
    : ofVersion2(metadata);
  const { height, width, classNames } = rest;
  if (height * width !== architecture.inputs) {
    metadata.fail(`${height} x ${width} pixels are not its ${architecture.inputs} inputs`);
  }
  if (metadata.version === "1" && classNames.length !== architecture.outputs) {
    metadata.fail(`${classNames.length} class names are not its ${architecture.outputs} outputs`);
  }
  if (new Set(classNames).size < classNames.length) metadata.fail("two classes have one name");
  const { tensors } = networkOf(architecture, metadata);
  const read = new Map(tensors.map(({ name, length, matrix: { columns } }) => {
    const data = tensor(file, source, name, fileShape(length, columns));
    return [name, transpose(data, columns, length / columns)];
  }));
  if (file.tensors.size > tensors.length) {
    metadata.fail(
      `it has ${file.tensors.size} tensors, and its architecture has ${tensors.length}`,
    );
  }
  requireFinite(file.tensors, source);
  metadata.requireDigest();
  return { architecture, parameters: parametersOf(read), ...rest };
}

type ModelFacts = Omit<Model, "parameters">;

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
  const { names, mean, std, huber = 0 } = metadata.object("targets");
  const isList = <T>(list: unknown, isItem: (item: unknown) => boolean): list is T[] =>
    Array.isArray(list) && list.length > 0 && list.every(isItem);
  if (
    isList<string>(names, (name) => typeof name === "string") &&
    isList<number>(mean, Number.isFinite) && mean.length === names.length &&
    isList<number>(std, (value) => Number.isFinite(value) && value as number > 0) &&
    std.length === names.length && Number.isFinite(huber) && huber as number >= 0
  ) return { names, mean, std, huber: huber as number };
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
function networkOf(architecture: Architecture, metadata: Metadata): Network {
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

/** The same matrix with rows and columns exchanged; `rows` and `columns` are those of `values`. */
function transpose(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const transposed = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) transposed[j * rows + i] = values[i * columns + j];
  }
  return transposed;
}

function tensor(
  file: SafetensorsFile,
  source: string,
  name: string,
  shape: readonly number[],
): Float32Array<ArrayBuffer> {
  const found = file.tensors.get(name);
  if (!found || String(found.shape) !== String(shape)) {
    const what = found ? `has the shape [${found.shape.slice(0, 8).join(", ")}]` : "is missing";
    throw new WeftError(
      `Cannot use ${source}: tensor "${name}" ${what}, but the architecture in its metadata ` +
        `asks for [${shape.join(", ")}]; use a model file as Weft wrote it`,
    );
  }
  return found.data;
}

function digestOf(tensors: Iterable<{ readonly data: Float32Array }>): string {
  return sha256(Iterator.from(tensors).map(({ data }) => bytesInFile(data)));
}

/** Reads metadata that anybody may have written. */
class Metadata {
  /** "1" or "2". */
  readonly version: string;

  constructor(readonly file: SafetensorsFile, readonly source: string) {
    const format = file.metadata.get("format") ?? "";
    if (!Object.values(FORMATS).includes(format)) {
      this.fail('it is not a model that Weft wrote (its metadata has no "format": "weft-mlp")');
    }
    this.version = this.text("formatVersion");
    if (FORMATS[this.version] !== format) {
      const readable = Object.keys(FORMATS).find((version) => FORMATS[version] === format);
      this.#refuse("formatVersion", `"${readable}", which this Weft reads`);
    }
  }

  fail(why: string): never {
    throw new WeftError(`Cannot use ${this.source}: ${why}; use a model file as Weft wrote it`);
  }

  /** A weight that is off by a bit is a number like any other, so that only the digest tells. */
  requireDigest(): void {
    const expected = this.file.metadata.get(DIGEST);
    if (expected === undefined) return; // Of an earlier version.
    const actual = digestOf(this.file.tensors.values());
    if (actual === expected) return;
    const said = JSON.stringify(expected.slice(0, 64));
    this.fail(`it is damaged: the SHA-256 of its tensors is "${actual}", and it says ${said}`);
  }

  text(key: string): string {
    const value = this.file.metadata.get(key);
    if (value === undefined) this.fail(`its metadata has no "${key}"`);
    return value;
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T {
    const text = this.text(key);
    const value = values.find((candidate) => candidate === text);
    return value ?? this.#refuse(key, `one of ${values.join(", ")}`);
  }

  scale(key: string): number {
    const value = Number(this.text(key));
    return isInputScale(value) ? value : this.#refuse(key, SCALE);
  }

  size(key: string): number {
    const value = Number(this.text(key));
    return isSize(value) ? value : this.#refuse(key, "a whole number above 0");
  }

  sizes(key: string): number[] {
    return this.#array(key, isSize, "whole numbers above 0");
  }

  texts(key: string): string[] {
    return this.#array(key, (value): value is string => typeof value === "string", "texts");
  }

  #refuse(key: string, what: string): never {
    this.fail(`its "${key}" is ${JSON.stringify(this.text(key).slice(0, 60))}, not ${what}`);
  }

  object(key: string): Record<string, unknown> {
    const value = this.#json(key);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
    this.#refuse(key, "an object");
  }

  /** Undefined where it is not JSON at all: that is reported like JSON of another kind. */
  #json(key: string): unknown {
    try {
      return JSON.parse(this.text(key));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  #array<T>(key: string, isItem: (value: unknown) => value is T, what: string): T[] {
    const value = this.#json(key);
    if (Array.isArray(value) && value.every(isItem)) return value;
    this.#refuse(key, `an array of ${what}`);
  }
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function isScale(value: unknown): value is number {
  return typeof value === "number" && isInputScale(value);
}
