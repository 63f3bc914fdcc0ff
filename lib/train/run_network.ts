/** The network that a run trains: checks that data, class names and configuration go together. */
import type { TrainConfig } from "../config/options.ts";
import { requireTexts } from "../checks.ts";
import { type InputFormat, samplesOf, type SampleTargets } from "../dataset/samples.ts";
import { UsageError, WeftError } from "../errors.ts";
import { type Architecture, type LayerChoice, layersOf } from "../nn/architecture.ts";
import { AS_THEY_ARE } from "../nn/input_map.ts";
import { Network } from "../nn/network.ts";
import { TASKS } from "../task/mod.ts";
import type { Task } from "../task/task.ts";
import type { Model } from "../model/model.ts";
import { frozenTensors, type Inheritance, inheritanceOf } from "./continue_from.ts";
import { requireFits, requireModel, requireWhole } from "./sample_checks.ts";
import type { RunOptions } from "./options.ts";

export interface RunNetwork {
  /** What is trained. */
  readonly network: Network;
  /** What comes out, without what is for training alone. */
  readonly architecture: Architecture;
  /** Names of classes, labels or targets. */
  readonly names: readonly string[];
  readonly task: Task;
  /** What training takes of the model that it begins with; null where it begins with nothing. */
  readonly inheritance: Inheritance | null;
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
  frozen: readonly string[] = [],
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
    ...frozen.length > 0 ? { frozen } : {},
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
  { train, test, validation, classNames: given, from, freeze }: RunOptions,
  config: TrainConfig,
): RunNetwork {
  requireWhole(train, "Cannot train on these images", "train");
  if (given !== undefined) requireTexts("Cannot train", "classNames", given);
  const { element, shape, targets } = samplesOf(train);
  requireForImages({ element, shape }, config);
  const task = TASKS[targets.task];
  if (from !== undefined) requireModel(from, "Cannot begin with this model");
  const own = namesOf(task, targets, given);
  const names = (from && !given ? keptNumbers(from, task, own) : null) ?? own;
  requireTaskOptions(task, config, names.length);
  const outputs = task.outputs(names.length);
  const format = { element, shape };
  const whole = networkFor(format, config, outputs).network;
  const frozen = frozenTensors(whole, freeze);
  const { network, architecture } = networkFor(format, config, outputs, frozen);
  const inheritance = from ? inheritanceOf(from, network, format, task, names, config) : null;
  const [height, width] = shape;
  const model = { architecture, height, width, input: { element, shape }, task: task.name };
  for (const [name, data] of Object.entries({ validation, test })) {
    if (data !== undefined && data !== null) requireFits(model, data, name);
  }
  return { network, architecture, names, task, inheritance };
}

/** A model's names for data whose classes have numbers alone; null where it has not so many. */
function keptNumbers(
  { task = "classification", classNames }: Model,
  { name }: Task,
  names: readonly string[],
): readonly string[] | null {
  if (task !== name || name === "regression") return null;
  const isEnough = name === "classification"
    ? names.length <= classNames.length
    : names.length === classNames.length;
  return isEnough ? classNames : null;
}

/** Names of classes, labels or targets. @throws {UsageError | WeftError} where what was given are not those of the data */
function namesOf(
  task: Task,
  targets: SampleTargets,
  given: readonly string[] | undefined,
): readonly string[] {
  const wanted = task.defaultNames(targets);
  const names = given ?? wanted;
  if (given && task.name === "regression") {
    throw new UsageError(
      "Cannot train with classNames: the task regression has none; name the targets in train.targets.names",
    );
  }
  // Classes that no row has may have names, too.
  const isRight = task.name === "classification"
    ? names.length >= wanted.length
    : names.length === wanted.length;
  if (!isRight) {
    const why = task.name === "classification"
      ? `a label is ${wanted.length - 1}, so there are ${wanted.length} classes`
      : `the task ${task.name} has ${wanted.length}`;
    throw new WeftError(`Cannot train with ${names.length} class names: ${why}`);
  }
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return names;
  throw new WeftError(
    `Cannot train with two classes called "${twice}": give each a name of its own`,
  );
}

/** @throws {UsageError} where an option does not go with the task */
function requireTaskOptions(task: Task, config: TrainConfig, names: number): void {
  task.requireOptions(config, names);
  const { monitor } = config;
  const metrics = task.metrics.map(({ name }) => name);
  if (metrics.includes(monitor)) return;
  throw new UsageError(
    `Cannot train with monitor = ${monitor}: the task ${task.name} has the metrics ${
      metrics.join(", ")
    }`,
  );
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
  if ((flip || shift > 0) && (element !== "uint8" || shape.length !== 3)) {
    const option = flip ? "flip" : "shift";
    throw new UsageError(
      `Cannot ${option} rows of ${shape.join(" x ")} ${
        element === "uint8" ? "bytes" : "float32 features"
      }: images can be, in bytes; leave ${option} out`,
    );
  }
}
