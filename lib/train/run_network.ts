/** The network that a run trains: checks that data, class names and configuration go together. */
import type { TrainConfig } from "../config/options.ts";
import { numberedClassNames } from "../dataset/class_names.ts";
import { WeftError } from "../errors.ts";
import { type Architecture, type LayerChoice, layersOf } from "../nn/architecture.ts";
import { Network } from "../nn/network.ts";
import { requireWeightOfEach } from "./class_weights.ts";
import { requireFits, requireWhole } from "./image_checks.ts";
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
 * The network of a configuration, for pictures of that size.
 *
 * @throws {UsageError} where a layer cannot stand where it stands, or the network is larger than Weft can hold
 */
export function networkFor(
  { height, width }: { readonly height: number; readonly width: number },
  config: LayerChoice & Pick<TrainConfig, "freezeOutputBias" | "seed">,
  outputs: number,
): Pick<RunNetwork, "network" | "architecture"> {
  const { layers, hidden, activation, freezeOutputBias, seed } = config;
  const shape = [height, width, 1];
  const network = new Network({ shape, layers: layersOf(config), outputs, freezeOutputBias, seed });
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
  requireWhole(train, "Cannot train on these pictures");
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
  const { network, architecture } = networkFor(train, config, classNames.length);
  requireWeightOfEach(config.classWeights, classNames.length);
  for (const images of [validation, test]) {
    if (images) requireFits({ ...train, architecture }, images);
  }
  return { network, architecture, classNames };
}
