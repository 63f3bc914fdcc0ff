/**
 * A model as a safetensors file that says everything about itself, and that other tools read.
 *
 * Tensors are named as PyTorch names them: `layers.0.weight` with shape [outputs, inputs],
 * `layers.0.bias` with shape [outputs]; layer 0 is next to the input. Metadata, all texts: `format`
 * "weft-mlp", `formatVersion` "1", `inputs`, `hidden` (JSON array), `outputs`, `activation`,
 * `height`, `width`, `inputScale`, `classNames` (JSON array), `preset`, and `sha256`: 64 hexadecimal digits, of the bytes of
 * all tensors in the file's order. Files of versions that wrote no digest have none.
 */
import { WeftError } from "../errors.ts";
import { ACTIVATIONS } from "../nn/activations.ts";
import { type Architecture, type LayerParameters, layerShapes } from "../nn/parameters.ts";
import { isInputScale } from "./finite.ts";
import type { Model } from "./model.ts";
import {
  bytesInFile,
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  requireFinite,
  type SafetensorsFile,
} from "./safetensors.ts";
import { sha256 } from "./sha256.ts";

const FORMAT = "weft-mlp";
const VERSION = "1";
const DIGEST = "sha256";

/** The bytes of a model file; the same model gives the same bytes. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const tensors = modelTensors(model);
  return encodeSafetensors(tensors, { ...modelMetadata(model), [DIGEST]: digestOf(tensors) });
}

/** The parameters under PyTorch's names and in its shapes, from the input side. */
export function modelTensors({ architecture, parameters }: Model): NamedTensor[] {
  return layerShapes(architecture).flatMap(([inputs, outputs], l): NamedTensor[] => {
    const { weights, bias } = parameters[l];
    const weight = transpose(weights, inputs, outputs);
    return [
      { name: `layers.${l}.weight`, shape: [outputs, inputs], data: weight },
      { name: `layers.${l}.bias`, shape: [outputs], data: bias },
    ];
  });
}

/** All that using a model takes besides its parameters, as texts; see the top of this file. */
export function modelMetadata(model: Model): Record<string, string> {
  const { architecture } = model;
  return {
    format: FORMAT,
    formatVersion: VERSION,
    inputs: String(architecture.inputs),
    hidden: JSON.stringify(architecture.hidden),
    outputs: String(architecture.outputs),
    activation: architecture.activation,
    height: String(model.height),
    width: String(model.width),
    inputScale: String(model.inputScale),
    classNames: JSON.stringify(model.classNames),
    preset: model.preset,
  };
}

/**
 * Decodes a model file.
 *
 * @param source what to call the file in errors, such as its path
 * @throws {WeftError} where it is damaged (also where its tensors have another digest than it says), is not Weft's,
 * contradicts itself, or holds a weight that is not finite
 */
export function decodeModel(bytes: Uint8Array, source: string): Model {
  const file = decodeSafetensors(bytes, source);
  const metadata = new Metadata(file, source);
  const architecture: Architecture = {
    inputs: metadata.size("inputs"),
    hidden: metadata.sizes("hidden"),
    outputs: metadata.size("outputs"),
    activation: metadata.oneOf("activation", ACTIVATIONS),
  };
  const [height, width] = [metadata.size("height"), metadata.size("width")];
  const classNames = metadata.texts("classNames");
  if (height * width !== architecture.inputs) {
    metadata.fail(`${height} x ${width} pixels are not its ${architecture.inputs} inputs`);
  }
  if (classNames.length !== architecture.outputs) {
    metadata.fail(`${classNames.length} class names are not its ${architecture.outputs} outputs`);
  }
  if (new Set(classNames).size < classNames.length) metadata.fail("two classes have one name");
  const parameters = layerShapes(architecture).map(([inputs, outputs], l): LayerParameters => ({
    weights: transpose(
      tensor(file, source, `layers.${l}.weight`, [outputs, inputs]),
      outputs,
      inputs,
    ),
    bias: tensor(file, source, `layers.${l}.bias`, [outputs]),
  }));
  if (file.tensors.size > 2 * parameters.length) {
    metadata.fail(
      `it has ${file.tensors.size} tensors, and its architecture has ${2 * parameters.length}`,
    );
  }
  requireFinite(file.tensors, source);
  metadata.requireDigest();
  return {
    architecture,
    parameters,
    height,
    width,
    inputScale: metadata.scale("inputScale"),
    classNames,
    preset: metadata.text("preset"),
  };
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
  constructor(readonly file: SafetensorsFile, readonly source: string) {
    const { metadata } = file;
    if (metadata.get("format") !== FORMAT) {
      this.fail('it is not a model that Weft wrote (its metadata has no "format": "weft-mlp")');
    }
    if (this.text("formatVersion") !== VERSION) {
      this.#refuse("formatVersion", `"${VERSION}", which this Weft reads`);
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
    return isInputScale(value)
      ? value
      : this.#refuse(key, "a number above 0 that float32 holds, and 255 times it too");
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

  #array<T>(key: string, isItem: (value: unknown) => value is T, what: string): T[] {
    let value: unknown;
    try {
      value = JSON.parse(this.text(key));
    } catch {
      // Not JSON at all: reported like JSON of another kind.
    }
    if (Array.isArray(value) && value.every(isItem)) return value;
    this.#refuse(key, `an array of ${what}`);
  }
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
