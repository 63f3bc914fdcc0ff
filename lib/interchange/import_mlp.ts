/**
 * Makes a model of a multilayer perceptron that was trained elsewhere and saved as safetensors under
 * PyTorch's names.
 *
 * A file of weights does not say what they are for: the activation, what was done to the pixels and
 * what the classes are called come from anyone who trained them. The last layer's outputs are taken to
 * be logits, as PyTorch's CrossEntropyLoss takes them.
 */

import { UsageError, WeftError } from "../errors.ts";
import { isInputScale, requireFiniteOutputs } from "../model/finite.ts";
import type { Model } from "../model/model.ts";
import { decodeFloatTensors, requireFinite } from "../model/safetensors.ts";
import type { Activation } from "../nn/activations.ts";
import type { Architecture } from "../nn/architecture.ts";
import type { LayerParameters } from "../nn/tensors.ts";
import { importSequence } from "./import_sequence.ts";
import type { LinearLayer } from "./linear_layer.ts";
import { linearLayers } from "./linear_layers.ts";
import { type RawRowSettings, readRawRowSettings } from "../model/raw_row_settings.ts";

/** What the file does not say; what is left out has the value given here. */
export interface ImportSettings {
  /** Of the hidden layers; must be given where there are any. */
  readonly activation?: Activation;
  /** Pixels of an image from top to bottom; with `width` left out too, the root of the inputs. */
  readonly height?: number;
  /** Pixels of an image from left to right. */
  readonly width?: number;
  /** One name a class: "0", "1" and so on. */
  readonly classNames?: readonly string[];
  /** What bytes were multiplied by, to become x: 1 / 255. */
  readonly inputScale?: number;
  /** What the network was given is (x - mean) / std: 0. */
  readonly mean?: number;
  /** See `mean`: 1. */
  readonly std?: number;
  /** Names of the layers from the input side: as their names are ordered. All else in the file is left out. */
  readonly layers?: readonly string[];
  /** Layers but the output's, as `train --layers` takes them: for convolutions, of which a file does not say enough. */
  readonly network?: string;
  /** Of a network that takes rows of a table: what these go through, as JSON; and how messages call that. */
  readonly rawRows?: { readonly text: string; readonly source: string };
}

/** A model, and where its layers come from. */
export interface ImportedMlp {
  readonly model: Model & { readonly architecture: Architecture };
  /** Names of the layers in the file, from the input side. */
  readonly layers: readonly string[];
  /** What its names and shapes were taken to mean, a line each; empty where they leave no choice. */
  readonly notes: readonly string[];
}

/** The name of the configuration of a model whose training is not known. */
const IMPORTED = "imported";

const FLOAT32_SCALE = "a number that float32 holds, and 255 times it too";

/** Softmax over one class is 1, whatever the weights are. */
const FEWEST_CLASSES = 2;

/**
 * @param bytes the whole file
 * @param source what to call it in errors, such as its path
 * @throws {UsageError} where a setting is missing, out of its range or not the network's
 * @throws {WeftError} where the file is damaged or is no network of linear layers, or a weight is
 * not finite
 */
export function importMlp(
  bytes: Uint8Array,
  source: string,
  settings: ImportSettings = {},
): ImportedMlp {
  const { inputScale = 1 / 255, mean = 0, std = 1 } = settings;
  requireRange("--input-scale", inputScale, inputScale > 0, "a number above 0");
  requireRange("--input-scale", inputScale, isInputScale(inputScale), FLOAT32_SCALE);
  requireRange("--mean", mean, Number.isFinite(mean), "a finite number");
  requireRange("--std", std, std > 0, "a number above 0");
  if (settings.network !== undefined) {
    if (settings.activation !== undefined) {
      throw new UsageError(
        `Cannot import with --network and --activation ${settings.activation}: ` +
          "the network's layers have their activations among them; leave --activation out",
      );
    }
    if (settings.rawRows) {
      throw new UsageError(
        "Cannot import with --network and --preprocessing at once: a network of images takes no rows of a table; leave one out",
      );
    }
    const given = { ...settings, network: settings.network, inputScale, mean, std };
    const { model, layers, notes } = importSequence(bytes, source, given);
    const { outputs } = model.architecture;
    requireClasses(outputs, source);
    return {
      model: { ...model, classNames: classNamesOf(outputs, settings, undefined), preset: IMPORTED },
      layers,
      notes,
    };
  }
  const others = new Map<string, string>();
  const tensors = decodeFloatTensors(bytes, source, others);
  const used = new Map(tensors);
  const notes: string[] = [];
  const size = (settings.height ?? NaN) * (settings.width ?? NaN);
  const layers = linearLayers(tensors, source, settings.layers, {
    inputs: Number.isNaN(size) ? undefined : size,
    others,
    onNote: (note) => notes.push(note),
    onLeftOut: (names) => names.forEach((name) => used.delete(name)),
  });
  requireFinite(used, source);
  const { inputs } = layers[0];
  const { outputs } = layers[layers.length - 1];
  const rows = settings.rawRows &&
    readRawRowSettings(settings.rawRows.text, inputs, settings.rawRows.source);
  if (rows) requireOutputs(rows, outputs, source);
  if ((rows?.task ?? "classification") === "classification") requireClasses(outputs, source);
  const hidden = layers.slice(0, -1).map((layer) => layer.outputs);
  const architecture = { inputs, hidden, outputs, activation: activationOf(hidden, settings) };
  const { height, width } = rows ? { height: 1, width: inputs } : imageSize(inputs, settings);
  if (rows) requireNoImage(settings);
  const { classNames, ...ofRows } = rows ?? {};
  const named = { ...settings, classNames: settings.classNames ?? classNames };
  const model = {
    ...ofRows,
    ...rows ? { input: { element: "float32", shape: [inputs] } as const } : {},
    architecture,
    parameters: layers.map((layer, l) =>
      parametersOf(layer, source, l === 0 ? { mean, std } : { mean: 0, std: 1 })
    ),
    height,
    width,
    inputScale: rows ? 1 : inputScale,
    classNames: classNamesOf(outputs, named, rows?.task),
    preset: IMPORTED,
  };
  requireFiniteOutputs(model, `Cannot import ${source}`);
  return { model, layers: layers.map(({ name }) => name), notes };
}

function requireClasses(outputs: number, source: string): void {
  if (outputs >= FEWEST_CLASSES) return;
  throw new WeftError(
    `Cannot import ${source}: its last layer has ${outputs} output, and softmax needs ` +
      `${FEWEST_CLASSES} classes at least; train it with an output for each class`,
  );
}

function requireRange(flag: string, value: number, holds: boolean, must: string): void {
  if (holds && Number.isFinite(value)) return;
  throw new UsageError(`Cannot import with ${flag} ${value}: it must be ${must}`);
}

function activationOf(
  hidden: readonly number[],
  { activation }: ImportSettings,
): Activation {
  if (activation) return activation;
  if (hidden.length === 0) return "relu"; // Never computed: there is no layer that has it.
  throw new UsageError(
    `Cannot import a network with hidden layers (${
      hidden.join(", ")
    } units) without --activation: ` +
      "the file does not say which it was trained with; give it, such as --activation relu",
  );
}

function imageSize(
  inputs: number,
  settings: ImportSettings,
): { readonly height: number; readonly width: number } {
  const side = settings.width === undefined ? Math.sqrt(inputs) : inputs / settings.width;
  const height = settings.height ?? side;
  const width = settings.width ?? inputs / height;
  const isSize = (value: number) => Number.isSafeInteger(value) && value > 0;
  if (isSize(height) && isSize(width) && height * width === inputs) return { height, width };
  const given = (["height", "width"] as const)
    .filter((name) => settings[name] !== undefined)
    .map((name) => `--${name} ${settings[name]}`);
  throw new UsageError(
    given.length === 0
      ? `Cannot import a network of ${inputs} inputs without --height and --width: ` +
        "its images are not square; give both"
      : `Cannot import a network of ${inputs} inputs with ${given.join(" and ")}: ` +
        "height times width must be its inputs, in whole numbers above 0",
  );
}

/** @throws {UsageError} if the network has another number of outputs than its task */
function requireOutputs({ task, targets }: RawRowSettings, outputs: number, source: string): void {
  const wanted = task === "binary" ? 1 : targets?.names.length ?? outputs;
  if (wanted === outputs) return;
  throw new UsageError(
    `Cannot import ${source}: its last layer has ${outputs} outputs, and the preprocessing says ${task} with ${wanted}`,
  );
}

/** Rows of a table are scaled by their preprocessing. */
function requireNoImage(settings: ImportSettings): void {
  const flags = {
    inputScale: "--input-scale",
    mean: "--mean",
    std: "--std",
    height: "--height",
    width: "--width",
  };
  const stray = (["inputScale", "mean", "std", "height", "width"] as const)
    .find((name) => settings[name] !== undefined);
  if (stray === undefined) return;
  throw new UsageError(
    `Cannot import with --preprocessing and ${
      flags[stray]
    } at once: that is of images; leave it out`,
  );
}

function classNamesOf(
  outputs: number,
  { classNames }: ImportSettings,
  task: RawRowSettings["task"],
): readonly string[] {
  if (task === "regression") return [];
  if (task === "binary") {
    return classNamesOf(2, { classNames: classNames ?? ["no", "yes"] }, undefined);
  }
  if (!classNames) return Array.from({ length: outputs }, (_, label) => String(label));
  const twice = classNames.find((name, i) => classNames.indexOf(name) < i);
  if (twice !== undefined) {
    throw new UsageError(
      `Cannot import with the class name ${JSON.stringify(twice)} twice: each class needs its own`,
    );
  }
  if (classNames.length === outputs) return classNames;
  throw new UsageError(
    `Cannot import a network of ${outputs} classes with ${classNames.length} class names: ` +
      "give one a class, in the order of its outputs",
  );
}

/**
 * The parameters of one layer, so that its product takes x where it took (x - mean) / std:
 * W (x - mean) / std + b = (W / std) x + (b - mean / std * sum of W's row). In float64, rounded
 * once.
 */
function parametersOf(
  { name, inputs, outputs, weight, bias }: LinearLayer,
  source: string,
  { mean, std }: { readonly mean: number; readonly std: number },
): LayerParameters {
  const weights = new Float32Array(inputs * outputs);
  const biases = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    let rowSum = 0;
    for (let i = 0; i < inputs; i++) {
      const value = weight.data[o * inputs + i] / std;
      rowSum += value;
      weights[i * outputs + o] = value;
    }
    biases[o] = (bias?.data[o] ?? 0) - mean * rowSum;
  }
  const prefix = name === "" ? "" : `${name}.`;
  // Stored [inputs, outputs], and named as in the file: [outputs, inputs].
  const position = weights.findIndex((value) => !Number.isFinite(value));
  if (position >= 0) {
    const [o, i] = [position % outputs, Math.floor(position / outputs)];
    refuseOverflow(source, `${prefix}weight`, `${o}, ${i}`, weight.data[o * inputs + i], std);
  }
  const o = biases.findIndex((value) => !Number.isFinite(value));
  if (o >= 0) refuseOverflow(source, `${prefix}bias`, `${o}`, bias?.data[o] ?? 0, std);
  return { weights, bias: biases };
}

function refuseOverflow(
  source: string,
  tensor: string,
  place: string,
  value: number,
  std: number,
): never {
  const folded = std === 1 ? "" : `, and is folded with --mean and --std ${std}`;
  throw new WeftError(
    `Cannot import ${source}: tensor ${JSON.stringify(tensor.slice(0, 60))} is ${value} at ` +
      `[${place}]${folded}; the result is beyond float32, in which Weft computes`,
  );
}
