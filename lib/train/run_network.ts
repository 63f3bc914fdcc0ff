/** The network that a run trains: checks that data, class names and configuration go together. */
import type { TrainConfig } from "../config/options.ts";
import { requireTexts } from "../checks.ts";
import { numberedClassNames } from "../dataset/class_names.ts";
import { type InputFormat, isGrayImage, samplesOf } from "../dataset/samples.ts";
import { UsageError, WeftError } from "../errors.ts";
import { type Architecture, type LayerChoice, layersOf } from "../nn/architecture.ts";
import { AS_THEY_ARE } from "../nn/input_map.ts";
import { Network } from "../nn/network.ts";
import { requireWeightOfEach } from "./class_weights.ts";
import { requireFits, requireWhole } from "./sample_checks.ts";
import type { TrainOptions } from "./options.ts";

export interface RunNetwork {
  /** What is trained. */
  readonly network: Network;
  /** What comes out, without what is for training alone. */
  readonly architecture: Architecture;
  /** One name a class. */
  readonly classNames: readonly string[];
}

/**
 * The network of a configuration, for rows of that format.
 *
 * @throws {UsageError} where a layer cannot stand where it stands, or the network is larger than Weft can hold
 */
export function networkFor(
  { element, shape }: InputFormat,
  config: LayerChoice & Pick<TrainConfig, "freezeOutputBias" | "seed">,
  outputs: number,
): Pick<RunNetwork, "network" | "architecture"> {
  const { layers, hidden, activation, freezeOutputBias, seed } = config;
  const network = new Network({
    element,
    inputMap: element === "float32" ? AS_THEY_ARE : undefined,
    shape,
    layers: layersOf(config),
    outputs,
    freezeOutputBias,
    seed,
  });
  network.requireAffordable();
  const { inputs } = network;
  const architecture = layers !== null
    ? network.architecture
    : { inputs, hidden, outputs, activation };
  return { network, architecture };
}

/**
 * Finds out now what would otherwise be found when the training that it would waste is over.
 *
 * @throws {UsageError} where the network is larger than anything that Weft can hold
 * @throws {WeftError} where the data is not whole or does not fit
 */
export function runNetworkFor(
  { train, test, validation, classNames: given }: TrainOptions,
  config: TrainConfig,
): RunNetwork {
  requireWhole(train, "Cannot train on these pictures", "train");
  if (given !== undefined) requireTexts("Cannot train", "classNames", given);
  const { element, shape } = samplesOf(train);
  requireForImages({ element, shape }, config);
  const classes = train.labels.reduce((a, b) => Math.max(a, b), 0) + 1;
  const classNames = given ?? numberedClassNames(classes);
  if (classNames.length < classes) {
    throw new WeftError(
      `Cannot train with ${classNames.length} class names: a label is ${
        classes - 1
      }, so there are ${classes} classes`,
    );
  }
  const twice = classNames.find((name, i) => classNames.indexOf(name) < i);
  if (twice !== undefined) {
    throw new WeftError(
      `Cannot train with two classes called "${twice}": give each a name of its own`,
    );
  }
  const { network, architecture } = networkFor({ element, shape }, config, classNames.length);
  requireWeightOfEach(config.classWeights, classNames.length);
  const [height, width] = shape;
  const model = { architecture, height, width, input: { element, shape } };
  for (const [name, data] of Object.entries({ validation, test })) {
    if (data !== undefined && data !== null) requireFits(model, data, name);
  }
  return { network, architecture, classNames };
}

/** @throws {UsageError} where something is asked for that only images of bytes have */
function requireForImages(
  { element, shape }: InputFormat,
  { standardize, flip, shift }: TrainConfig,
): void {
  if (element === "float32" && standardize) {
    throw new UsageError(
      "Cannot standardize float32 features by one mean and one deviation: that is for bytes; " +
        "give features that are standardized column by column, and leave standardize out",
    );
  }
  if ((flip || shift > 0) && !isGrayImage({ element, shape })) {
    const option = flip ? "flip" : "shift";
    throw new UsageError(
      `Cannot ${option} rows of ${shape.join(" x ")} ${
        element === "uint8" ? "bytes" : "float32 features"
      }: images of one channel can be, in bytes; leave ${option} out`,
    );
  }
}
