/**
 * A model as a safetensors file that says everything about itself, and that other tools read.
 *
 * Tensors are named as PyTorch names them: `layers.0.weight` with shape [outputs, inputs], of a convolution [outputs, channels
 * of a group, height, width]; `layers.0.bias` with shape [outputs]; layer 0 is the one with weights that is next to the input.
 * The inputs of a dense layer that takes images of other layers are in PyTorch's order, too: channels, height, width.
 *
 * Metadata, all texts. Version 1 says what a multilayer perceptron is: `format` "weft-mlp",
 * `formatVersion` "1", `inputs`, `hidden` (JSON array), `outputs`, `activation`, `height`, `width`,
 * `inputScale`, `classNames` (JSON array), `preset`. Version 2 says what any sequence of layers is,
 * and is written where version 1 cannot say it: `format` "weft", `formatVersion` "2", `task`
 * (classification, binary, multi-label or regression), `layers` (JSON array, as `--layers` writes them, without the output's), `input`
 * (JSON: `element` "uint8", `scale` and `height`, `width`, `channels` or `shape`; or `element` "float32" and `shape`),
 * `classNames` (of binary tasks those of no and yes) and, where it is not 0.5, `threshold`, or of regression `targets` (JSON:
 * `names`, `mean`, `std`, `huber` and, where it is neither Huber's loss nor the squared error, `distance`), of models that were trained on a table `preprocessing` (JSON: what raw rows go through, as
 * lib/dataset/preprocessing/preprocessing.ts says), `preset`. Both have `sha256`: 64 hexadecimal
 * digits, of the bytes of all tensors in the file's order. Files of Weft's versions that wrote no digest have none.
 */
import { WeftError } from "../errors.ts";
import { sequenceOf } from "../nn/architecture.ts";
import { Network } from "../nn/network.ts";
import { parametersOf, tensorsOf } from "../nn/tensors.ts";
import { inputOf, type Model } from "./model.ts";
import { factsOf, networkOf } from "./model_facts.ts";
import { FORMATS, Metadata } from "./model_metadata.ts";
import {
  bytesInFile,
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  requireFinite,
  type SafetensorsFile,
} from "./safetensors.ts";
import { sha256 } from "./sha256.ts";
import { fileShape, fromFile, toFile } from "./tensor_layout.ts";

const DIGEST = "sha256";

/** The bytes of a model file; the same model gives the same bytes. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const tensors = modelTensors(model);
  return encodeSafetensors(tensors, { ...modelMetadata(model), [DIGEST]: digestOf(tensors) });
}

/** The parameters under PyTorch's names and in its shapes, from the input side. */
export function modelTensors({ architecture, parameters }: Model): NamedTensor[] {
  const network = Network.of(architecture);
  const tensors = network.pick(tensorsOf(parameters));
  return network.tensors.map((tensor) => ({
    name: tensor.name,
    shape: fileShape(tensor),
    data: toFile(tensor, tensors.get(tensor.name)!),
  }));
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
  const { architecture, ...rest } = factsOf(metadata);
  const { height, width, classNames } = rest;
  if (height * width !== architecture.inputs) {
    metadata.fail(`${height} x ${width} pixels are not its ${architecture.inputs} inputs`);
  }
  if (metadata.version === "1" && classNames.length !== architecture.outputs) {
    metadata.fail(`${classNames.length} class names are not its ${architecture.outputs} outputs`);
  }
  if (new Set(classNames).size < classNames.length) metadata.fail("two classes have one name");
  const { tensors } = networkOf(architecture, metadata);
  const read = new Map(tensors.map((it) => {
    const data = tensor(file, source, it.name, fileShape(it));
    return [it.name, fromFile(it, data)];
  }));
  if (file.tensors.size > tensors.length) {
    metadata.fail(
      `it has ${file.tensors.size} tensors, and its architecture has ${tensors.length}`,
    );
  }
  requireFinite(file.tensors, source);
  requireDigest(metadata);
  return { architecture, parameters: parametersOf(read), ...rest };
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

/** A weight that is off by a bit is a number like any other, so that only the digest tells. */
function requireDigest(metadata: Metadata): void {
  const expected = metadata.file.metadata.get(DIGEST);
  if (expected === undefined) return; // Of an earlier version.
  const actual = digestOf(metadata.file.tensors.values());
  if (actual === expected) return;
  const said = JSON.stringify(expected.slice(0, 64));
  metadata.fail(`it is damaged: the SHA-256 of its tensors is "${actual}", and it says ${said}`);
}

function digestOf(tensors: Iterable<{ readonly data: Float32Array }>): string {
  return sha256((function* () {
    for (const { data } of tensors) yield bytesInFile(data);
  })());
}
