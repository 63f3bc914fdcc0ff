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
import { requireFits, requireWhole } from "./sample_checks.ts";
import type { TrainOptions } from "./options.ts";

export interface RunNetwork {
  /** What is trained. */
  readonly network: Network;
  /** What comes out, without what is for training alone. */
  readonly architecture: Architecture;
  /** Names of classes, labels or targets. */
  readonly classNames: readonly string[];
  readonly task: Task;
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
  requireWhole(train, "Cannot train on these images", "train");
  if (given !== undefined) requireTexts("Cannot train", "classNames", given);
  const { element, shape, targets } = samplesOf(train);
  requireForImages({ element, shape }, config);
  const task = TASKS[targets.task];
  const classNames = namesOf(task, targets, given);
  requireTaskOptions(task, config, classNames.length);
  const { network, architecture } = networkFor(
    { element, shape },
    config,
    task.outputs(classNames.length),
  );
  const [height, width] = shape;
  const model = { architecture, height, width, input: { element, shape }, task: task.name };
  for (const [name, data] of Object.entries({ validation, test })) {
    if (data !== undefined && data !== null) requireFits(model, data, name);
  }
  return { network, architecture, classNames, task };
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
