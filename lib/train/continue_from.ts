/** Training that begins with a model: its weights by name and shape, its classes and its preprocessing. */
import type { TrainConfig } from "../config/options.ts";
import { formatText, type InputFormat } from "../dataset/samples.ts";
import { didYouMean } from "../did_you_mean.ts";
import { UsageError } from "../errors.ts";
import { inputOf, type Model } from "../model/model.ts";
import { INPUT_SCALE } from "../nn/input_map.ts";
import { Network } from "../nn/network.ts";
import { type Tensors, tensorsOf, type Values } from "../nn/tensors.ts";
import type { TargetMap, Task } from "../task/task.ts";

/** The options that make the network of a model: what training from it has where nobody says otherwise. */
export function networkOptionsOf(
  { architecture }: Model,
): Partial<Pick<TrainConfig, "hidden" | "activation" | "layers" | "batchNorm">> {
  if ("layers" in architecture) return { layers: architecture.layers.join(", ") };
  const { hidden, activation } = architecture;
  // A model has batch normalization in its weights.
  return { hidden, activation, batchNorm: false };
}

/** Options of a caller, and those of the network of the model that training begins with. */
export function withNetworkOf(
  from: Model | undefined,
  config: Partial<TrainConfig> = {},
): Partial<TrainConfig> {
  const isChosen = ["hidden", "activation", "layers"].some((name) =>
    config[name as keyof TrainConfig] !== undefined
  );
  return !from || isChosen ? config : { ...networkOptionsOf(from), ...config };
}

/** The names of a model where all targets have one among them; null where the data brings other classes. */
export function keptNames(
  { task = "classification", classNames, targets }: Model,
  wanted: Task["name"],
  names: readonly string[],
): readonly string[] | null {
  if (task !== wanted) return null;
  if (task === "regression") return targets?.names.length === names.length ? names : null;
  return names.every((name) => classNames.includes(name)) ? classNames : null;
}

/** What a run takes of a model. */
export interface Inheritance {
  readonly from: Model;
  /** Whether the output layer is the model's, too. */
  readonly hasOutput: boolean;
}

/**
 * Checks that a model's layers are those of a network.
 *
 * @param names of classes, labels or targets
 * @throws {UsageError} which names the first thing that differs
 */
export function inheritanceOf(
  from: Model,
  network: Network,
  { element, shape }: InputFormat,
  task: Task,
  names: readonly string[],
  { standardize }: Pick<TrainConfig, "standardize">,
): Inheritance {
  const cannot = "Cannot begin with this model";
  const wanted = inputOf(from);
  if (wanted.element !== element || String(wanted.shape) !== String(shape)) {
    throw new UsageError(
      `${cannot}: it takes ${formatText(wanted)}, and the rows are ${
        formatText({ element, shape })
      }; give rows as it takes them`,
    );
  }
  if (standardize) {
    throw new UsageError(
      `${cannot} and standardize: its weights take inputs as they are; leave standardize out`,
    );
  }
  const before = Network.of(from.architecture);
  const [theirs, ours] = [before, network].map(({ layers }) =>
    layers.filter(({ name, kind }) => name !== "" && !kind.folds)
  );
  if (theirs.length !== ours.length) {
    throw new UsageError(
      `${cannot}: it has ${theirs.length} layers with weights, and the network has ${ours.length}; leave hidden and layers ` +
        "out, or give as many",
    );
  }
  const known = keptNames(from, task.name, names);
  const hasOutput = known !== null && String(known) === String(names);
  const lengths = new Map(before.tensors.map((tensor) => [tensor.name, tensor]));
  const output = ours.at(-1)!.name;
  for (const { name, length, matrix: { columns } } of inherited(network)) {
    if (name.startsWith(`${output}.`) && !hasOutput) continue;
    const given = lengths.get(name);
    if (given?.length === length && given.matrix.columns === columns) continue;
    const size = (length: number, columns: number) => `${length / columns} x ${columns}`;
    throw new UsageError(
      `${cannot}: its ${name} is ${
        given ? size(given.length, given.matrix.columns) : "not there"
      }, and the network's is ${
        size(length, columns)
      }; leave hidden and layers out, or give the same`,
    );
  }
  return { from, hasOutput };
}

/** Tensors that models have, too: not those of batch normalization. */
function inherited({ tensors, layers }: Network) {
  const norms = layers.filter(({ kind }) => kind.folds).map(({ name }) => `${name}.`);
  return tensors.filter(({ name }) => !norms.some((norm) => name.startsWith(norm)));
}

/**
 * The tensors that training begins with: the model's in place of those that were drawn.
 *
 * @param map what targets are standardized by; the model's own may be another
 */
export function inheritedTensors(
  { from, hasOutput }: Inheritance,
  network: Network,
  drawn: Tensors,
  map: TargetMap | null,
): Map<string, Values> {
  const tensors = new Map(drawn);
  const theirs = tensorsOf(from.parameters);
  const output = network.layers.at(-1)!.name;
  for (const { name } of inherited(network)) {
    if (name.startsWith(`${output}.`) && !hasOutput) continue;
    tensors.set(name, theirs.get(name)!.slice());
  }
  const scale = from.inputScale / (inputOf(from).element === "float32" ? 1 : INPUT_SCALE);
  const first = network.layers.find(({ name }) => name !== "")!.name;
  if (scale !== 1) {
    tensors.set(
      `${first}.weight`,
      tensors.get(`${first}.weight`)!.map((w) => w * scale),
    );
  }
  if (hasOutput && map && from.targets) rescale(tensors, output, from.targets, map);
  return tensors;
}

/** Lets an output layer give the same numbers in the targets' unit. T of each. */
function rescale(
  tensors: Map<string, Values>,
  output: string,
  before: TargetMap,
  now: TargetMap,
): void {
  const size = now.mean.length;
  const factors = now.std.map((std, j) => before.std[j] / std);
  const shifts = now.mean.map((mean, j) => (before.mean[j] - mean) / now.std[j]);
  const [weight, bias] = [`${output}.weight`, `${output}.bias`];
  tensors.set(weight, tensors.get(weight)!.map((w, i) => w * factors[i % size]));
  tensors.set(bias, tensors.get(bias)!.map((b, j) => b * factors[j] + shifts[j]));
}

/**
 * Full names of the tensors that stay as they are.
 *
 * @param freeze so many layers with weights from the input side; or names of layers or tensors
 * @throws {UsageError} if there is no such layer, or nothing would be left to train
 */
export function frozenTensors(
  network: Network,
  freeze: number | readonly string[] | undefined,
): readonly string[] {
  if (freeze === undefined) return [];
  const layers = network.layers.filter(({ name, kind }) => name !== "" && !kind.folds)
    .map(({ name }) => name);
  const cannot = `Cannot freeze ${JSON.stringify(freeze)}`;
  if (typeof freeze === "number") {
    const most = layers.length - 1;
    if (!Number.isInteger(freeze) || freeze < 0 || freeze > most) {
      throw new UsageError(
        `${cannot}: it must be a whole number of layers from 0 to ${most}, for the network has ${layers.length} with weights`,
      );
    }
    return frozenTensors(network, layers.slice(0, freeze));
  }
  if (!Array.isArray(freeze)) {
    throw new UsageError(`${cannot}: it must be a number of layers, or a list of names`);
  }
  const tensors = network.tensors.map(({ name }) => name);
  const known = [...layers, ...tensors];
  const frozen = freeze.flatMap((name) => {
    if (typeof name === "string" && known.includes(name)) {
      return tensors.filter((tensor) => tensor === name || tensor.startsWith(`${name}.`));
    }
    const meant = didYouMean(String(name), known);
    throw new UsageError(
      `Cannot freeze ${JSON.stringify(name)}: ${
        meant === null ? "" : `did you mean ${JSON.stringify(meant)}? `
      }the layers are ${layers.join(", ")}`,
    );
  });
  requireFreezable(network, frozen);
  return [...new Set(frozen)];
}

function requireFreezable(network: Network, frozen: readonly string[]): void {
  const normalized = frozen.find((name) => name.includes(".norm."));
  if (normalized !== undefined) {
    throw new UsageError(
      `Cannot freeze ${normalized}: the statistics of batch normalization change with every batch; leave batch-norm out`,
    );
  }
  const trained = network.tensors.filter(({ name, matrix }) =>
    matrix.trained && !frozen.includes(name)
  );
  if (trained.length > 0) return;
  throw new UsageError("Cannot freeze all layers: nothing would be left to train; freeze fewer");
}
