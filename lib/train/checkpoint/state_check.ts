/**
 * Whether a state is one that training can have left. A digest says that nobody changed the bytes, not who wrote them: what
 * is wrong is found before it is trained on, and not as weights of zero or an epoch without an end.
 *
 * Glossary: B rows of a batch.
 */
import type { TrainConfig } from "../../config/options.ts";
import { recordedConfig } from "../../config/resolve.ts";
import { type InputFormat, TASK_NAMES } from "../../dataset/samples.ts";
import { WeftError } from "../../errors.ts";
import { createOptimizer } from "../../nn/optimizers/mod.ts";
import type { Tensors } from "../../nn/tensors.ts";
import { NumpyRandomState } from "../../random/numpy_random_state.ts";
import { TASKS } from "../../task/mod.ts";
import type { Metrics } from "../../task/task.ts";
import { BEST, type BestEpoch } from "../best_epoch.ts";
import { networkFor } from "../run_network.ts";
import {
  type DataIdentity,
  foundName,
  LAST_GOOD,
  LOSSES,
  type TrainingProgress,
  type TrainingState,
} from "./state.ts";

/**
 * The state, with what earlier versions did not write.
 *
 * @throws {WeftError} with what is wrong, to follow "Cannot resume from ...: "
 */
export function checkedState(
  { identity, progress, tensors }: {
    readonly identity: unknown;
    readonly progress: unknown;
    readonly tensors: Tensors;
  },
): TrainingState {
  const { config: given, data, computing } = fieldsOf<TrainingState["identity"]>(
    identity,
    "identity",
  );
  fieldsOf(given, "config");
  const config = recordedConfig(given);
  requireData(fieldsOf(data, "data"));
  requireComputing(fieldsOf(computing, "computing"));
  const done: Partial<TrainingProgress> = fieldsOf(progress, "progress");
  const progressed = { validationLoss: null, best: null, epochMs: 0, ...done } as TrainingProgress;
  const checked = {
    identity: { ...identity as TrainingState["identity"], config },
    progress: { ...progressed, best: bestOf(progressed.best) },
    tensors,
  };
  requireProgress(checked.progress, checked.identity);
  requireTensors(checked);
  return checked;
}

/** Earlier versions knew the accuracy alone. */
function bestOf(given: unknown): BestEpoch | null {
  if (given === null) return null;
  const best = fieldsOf<BestEpoch & { readonly accuracy?: number }>(given, "best");
  const { epoch, loss, accuracy, metrics } = best;
  number("best.loss", loss);
  if (metrics === undefined) number("best.accuracy", accuracy, 0, 1);
  return { epoch, loss, metrics: metricsOf(metrics ?? { accuracy: accuracy! }, "best") };
}

function metricsOf(given: unknown, of: string): Metrics {
  const metrics = fieldsOf<Metrics>(given, `${of}.metrics`);
  for (const [name, value] of Object.entries(metrics)) {
    if (value !== null) number(`${of}.${name}`, value);
  }
  return metrics;
}

function requireData(data: DataIdentity): void {
  const sizes = data.shape === undefined ? ["height", "width"] as const : [];
  for (const name of ["rows", ...sizes, "classes"] as const) whole(name, data[name], 1);
  if (data.task !== undefined) oneOf("task", data.task, TASK_NAMES);
  if (data.shape !== undefined) {
    oneOf("element", data.element, ["uint8", "float32"]);
    if (!Array.isArray(data.shape)) wrong("shape", data.shape, "a list");
    data.shape.forEach((size, i) => whole(`shape[${i}]`, size, 1));
  }
  const { frozen = [] } = data;
  if (!Array.isArray(frozen) || frozen.some((name) => typeof name !== "string")) {
    wrong("frozen", frozen, "a list of texts");
  }
  if (typeof data.sha256 !== "string") wrong("sha256", data.sha256, "a text");
}

function requireComputing(
  { backend, simd, adapter }: TrainingState["identity"]["computing"],
): void {
  oneOf("backend", backend, ["wasm", "webgpu", "reference"]);
  oneOf("simd", simd ?? null, ["strict", "relaxed", null]);
  if (typeof (adapter ?? "") !== "string") wrong("adapter", adapter, "a text or null");
}

function requireProgress(
  {
    epoch,
    batch,
    random,
    validationLoss,
    validationAccuracy,
    validationMetrics,
    best,
    elapsedMs,
    epochMs,
  }: TrainingProgress,
  { config: { epochs, batchSize }, data }: TrainingState["identity"],
): void {
  whole("epoch", epoch, 0, epochs);
  // After the last epoch there is no other to be in the middle of; the split, not known here, leaves fewer batches.
  whole("batch", batch, 0, epoch < epochs ? Math.ceil(data.rows / batchSize) : 0);
  number("elapsedMs", elapsedMs, 0);
  number("epochMs", epochMs, 0);
  if (validationLoss !== null) number("validationLoss", validationLoss);
  if (validationAccuracy !== null) number("validationAccuracy", validationAccuracy, 0, 1);
  if (validationMetrics) metricsOf(validationMetrics, "validationMetrics");
  if (best !== null) {
    whole("best.epoch", best.epoch, 1, epoch);
  }
  const { key } = fieldsOf<TrainingProgress["random"]>(random, "random");
  if (!Array.isArray(key)) wrong("random.key", key, "a list");
  NumpyRandomState.fromState(random);
}

/** Every tensor that training continues with is there, and as long as it must be. */
function requireTensors({ identity: { config, data }, progress, tensors }: TrainingState): void {
  const { epoch, batch, best } = progress;
  const { network, optimizer } = lengthsOf(config, data);
  const expected = [...network, ...optimizer];
  const prefixed = (prefix: string) =>
    network.map(([name, length]) => [prefix + name, length] as const);
  if (batch > 0 && epoch > 0) expected.push(...prefixed(LAST_GOOD));
  if (best && config.restoreBest) expected.push(...prefixed(BEST));
  for (const [name, length] of expected) {
    const found = tensors.get(name)?.length;
    if (found !== length) wrong(`the length of ${name}`, found, String(length));
  }
  if (batch === 0) return;
  // The last batch of an epoch may be smaller.
  const { batchSize } = config;
  const { task = "classification", classes } = data;
  const columns = TASKS[task].foundColumns(TASKS[task].outputs(classes));
  for (const [name, of] of [[LOSSES, 1], [foundName(task), columns]] as const) {
    const length = tensors.get(name)?.length;
    whole(
      `the length of ${name}`,
      length,
      of * ((batch - 1) * batchSize + 1),
      of * batch * batchSize,
    );
  }
}

function formatOf({ height, width, element = "uint8", shape }: DataIdentity): InputFormat {
  return { element, shape: shape ?? [height!, width!, 1] };
}

/** Names and lengths of the network's tensors, and of what the optimizer keeps. */
function lengthsOf(config: TrainConfig, data: DataIdentity) {
  const { network } = networkFor(
    formatOf(data),
    config,
    TASKS[data.task ?? "classification"].outputs(data.classes),
    data.frozen,
  );
  const { tensors } = network;
  const { slots } = createOptimizer(config);
  return {
    network: tensors.map(({ name, length }) => [name, length] as const),
    optimizer: tensors.filter((tensor) => network.isTrained(tensor)).flatMap(({ name, length }) =>
      slots.map((slot) => [`${name}.${slot}`, length] as const)
    ),
  };
}

function fieldsOf<T extends object>(value: unknown, name: string): T {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as T;
  return wrong(name, value, "an object");
}

function whole(name: string, value: unknown, least: number, most = Infinity): void {
  number(name, value, least, most, "a whole number");
  if (!Number.isSafeInteger(value)) wrong(name, value, "a whole number");
}

function number(
  name: string,
  value: unknown,
  least = -Infinity,
  most = Infinity,
  what = "a number",
): void {
  if (Number.isFinite(value) && value as number >= least && value as number <= most) return;
  const from = least > -Infinity ? ` from ${least}` : "";
  const to = most < Infinity ? ` to ${most}` : "";
  wrong(name, value, `${what}${from}${to}`);
}

function oneOf(name: string, value: unknown, known: readonly unknown[]): void {
  if (!known.includes(value)) wrong(name, value, `one of ${known.join(", ")}`);
}

function wrong(name: string, value: unknown, must: string): never {
  const is = typeof value === "number" ? value : JSON.stringify(value)?.slice(0, 60) ?? "missing";
  throw new WeftError(`${name} is ${is}, and must be ${must}`);
}
