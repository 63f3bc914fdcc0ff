/** What comes out of training, once it has stopped. */
import type { Backend } from "../backend/mod.ts";
import type { TrainConfig } from "../config/options.ts";
import { isGrayImage, samplesOf } from "../dataset/samples.ts";
import { imageSize, type Model, thresholdOf } from "../model/model.ts";
import { foldInputMap, INPUT_SCALE, type InputMap } from "../nn/input_map.ts";
import { parametersOf, type Tensors } from "../nn/tensors.ts";
import type { EpochValidation } from "./best_epoch.ts";
import type { EndEvent, StopReason } from "./events.ts";
import { distanceOptionsOf, type Metrics, type TargetMap } from "../task/task.ts";
import { chooseThreshold } from "../task/threshold.ts";
import { findOn, measureOn } from "./inference.ts";
import type { RunOptions } from "./options.ts";
import { chooseRows } from "./rows.ts";
import type { RunNetwork } from "./run_network.ts";

const STATUS = {
  epochs: "completed",
  patience: "completed",
  interruption: "interrupted",
  divergence: "diverged",
} as const;

/** The network's tensors as training left them, and what validated it. */
export interface Outcome {
  readonly tensors: Tensors;
  readonly validation: EpochValidation | null;
  /** The last network, where that is another. */
  readonly last: Tensors | null;
  /** What the networks take for their inputs, and what their outputs are standardized by. */
  readonly input: InputMap;
  readonly targetMap: TargetMap | null;
}

/** A run that has stopped. */
interface Stopped extends RunNetwork {
  readonly options: RunOptions;
  readonly config: TrainConfig;
  readonly backend: Backend;
  readonly outcome: Outcome | null;
  readonly stoppedBy: StopReason;
  /** Epochs that were completed. */
  readonly epoch: number;
  readonly bestEpoch: number | null;
  readonly divergedAt: EndEvent["divergedAt"];
  readonly startedAt: number;
}

/**
 * Tests the network that came out, and tells the end. A network whose losses on the test set are not finite has diverged in its
 * last step, where nothing validated it, or knows nothing of such images: either way there is none.
 */
export async function endOf(run: Stopped): Promise<EndEvent> {
  const end = await testedEnd(run);
  if (end.testLoss === null || Number.isFinite(end.testLoss)) return end;
  const divergedAt = { epoch: run.epoch, batch: null };
  const outcome = null;
  return await testedEnd({ ...run, outcome, bestEpoch: null, stoppedBy: "divergence", divergedAt });
}

async function testedEnd(run: Stopped): Promise<EndEvent> {
  const { options: { test }, backend, outcome, stoppedBy, divergedAt, task } = run;
  const model = outcome && await withThreshold(run, modelOf(run, outcome.tensors, outcome));
  const testing = model && test ? await measureOn(model, test, backend) : null;
  const validation = model && outcome?.validation
    ? { ...outcome.validation, metrics: await validatedAt(run, model, outcome.validation.metrics) }
    : null;
  return {
    type: "end",
    environment: backend.description,
    status: STATUS[stoppedBy],
    model,
    lastModel: outcome?.last ? await withThreshold(run, modelOf(run, outcome.last, outcome)) : null,
    stoppedBy,
    bestEpoch: run.bestEpoch,
    validationLoss: validation?.loss ?? null,
    validationAccuracy: validation?.metrics.accuracy ?? null,
    validation: validation && { loss: validation.loss, ...validation.metrics },
    test: testing && { loss: testing.loss, ...testing.metrics },
    threshold: model && task.name === "binary" ? thresholdOf(model) : null,
    testAccuracy: testing?.metrics.accuracy ?? null,
    testLoss: testing?.loss ?? null,
    confusionMatrix: testing?.confusionMatrix ?? null,
    perClass: testing?.perClass ?? null,
    predictions: testing?.predictions ?? null,
    totalMs: performance.now() - run.startedAt,
    divergedAt,
  };
}

/** A model with the threshold that was asked for, chosen on the validation rows if need be. */
async function withThreshold(run: Stopped, model: Model): Promise<Model> {
  const { threshold: wanted } = run.config;
  if (run.task.head !== "sigmoid" || wanted === 0.5) return model;
  if (typeof wanted === "number") return { ...model, threshold: wanted };
  const { found, isYes } = await foundOnValidation(run, model);
  return { ...model, threshold: chooseThreshold(wanted, found, isYes) };
}

/** Metrics on the validation rows with a threshold that was chosen there. */
async function validatedAt(run: Stopped, model: Model, metrics: Metrics): Promise<Metrics> {
  if (typeof run.config.threshold === "number" || run.task.name !== "binary") return metrics;
  const { found, targets, validation } = await foundOnValidation(run, model);
  const { classNames: names } = model;
  const about = { outputs: 1, map: null, threshold: thresholdOf(model), names };
  return run.task.measure(found, targets, validation, about);
}

/** What a model finds of the validation rows. */
async function foundOnValidation({ options, config, backend }: Stopped, model: Model) {
  const { validation, holdOut } = chooseRows(options, config);
  const samples = samplesOf(holdOut ?? options.train);
  const { found } = await findOn(model, samples, validation, backend);
  const { targets } = samples;
  const isYes = Uint8Array.from(validation, (row) => +(targets.values[row] === 1));
  return { found, isYes, targets, validation };
}

/** The network as others use it: a standardized one takes pixels that are only scaled. */
function modelOf(
  { options, config, network, architecture, names, task }: Stopped,
  tensors: Tensors,
  { input, targetMap }: Pick<Outcome, "input" | "targetMap">,
): Model {
  const parameters = parametersOf(network.fold(tensors));
  const [first, ...others] = parameters;
  const { train, preset = "baseline", preprocessing } = options;
  const { element, shape } = samplesOf(train);
  const format = { element, shape };
  return {
    architecture,
    parameters: config.standardize ? [foldInputMap(first, input), ...others] : parameters,
    ...imageSize(shape),
    inputScale: element === "float32" ? 1 : INPUT_SCALE,
    ...(isGrayImage(format) && shape.length === 3 ? {} : { input: format }),
    ...(task.name === "classification" ? {} : { task: task.name }),
    classNames: targetMap ? [] : names,
    ...(targetMap ? { targets: { names, ...targetMap, ...distanceOptionsOf(config) } } : {}),
    ...(preprocessing ? { preprocessing } : {}),
    preset,
  };
}
