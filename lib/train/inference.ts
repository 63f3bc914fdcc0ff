/** Uses a network: how good it is on rows, and what it makes of them. */
import type { Backend } from "../backend/mod.ts";
import { allRows } from "../dataset/batches.ts";
import {
  sampleChunks,
  type SampleData,
  type Samples,
  samplesOf,
  type SampleTargets,
} from "../dataset/samples.ts";
import type { Table } from "../dataset/table.ts";
import { isTable, isTableDataset, type TableDataset } from "../dataset/table_dataset.ts";
import { createBackend } from "../backends/mod.ts";
import { UsageError, WeftError } from "../errors.ts";
import { inputOf, type Model, thresholdOf } from "../model/model.ts";
import { sizeOf } from "../nn/layer.ts";
import { Network } from "../nn/network.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import { Sequential } from "../nn/sequential.ts";
import { tensorsOf } from "../nn/tensors.ts";
import {
  type ProbabilityMetrics,
  probabilityMetrics,
} from "../task/metrics/probability_metrics.ts";
import { TASKS, uploadTargets } from "../task/mod.ts";
import { inUnit } from "../task/regression.ts";
import { type Details, evaluationOptions, type Metrics, type Task } from "../task/task.ts";
import { Evaluator, sumOfLosses } from "./evaluator.ts";
import { batchReader, type RowFeatures, rowsOf } from "./uploaded_samples.ts";
import { Turns } from "./event_loop.ts";
import { type NoteTaker, type PredictRows, rowsFor, tableRows } from "./model_rows.ts";
import { requireFits, requireModel } from "./sample_checks.ts";

/** How good a model is, whatever its task. */
export interface Evaluation {
  /** The mean over the rows of what training aims at, without penalties: nats; of regression, squared deviations. */
  readonly loss: number;
  /** The task's metrics, but for the loss. */
  readonly metrics: Metrics;
}

/** Of classification, also how good the probabilities are. */
export interface FullEvaluation extends Evaluation, ProbabilityMetrics {
  /** Of classification, from 0 to 1. */
  readonly accuracy: number;
  /** O x O: counts by true class (row) and predicted class (column). */
  readonly confusionMatrix: number[][];
  /** The unweighted mean of the F1 of the classes that are in the labels or predicted. */
  readonly macroF1: number;
}

/** What models are used with. */
export interface InferenceOptions {
  /** Where to compute; made for the call by default. */
  readonly backend?: Backend;
  /** Gets a line for each thing that is odd about raw rows, such as a column that is missing. */
  readonly onNote?: NoteTaker;
}

/** `use` with the given back end, or with one that lives as long as the call. */
async function withBackend<T>(
  { backend }: InferenceOptions,
  use: (backend: Backend) => Promise<T>,
): Promise<T> {
  if (backend) return await use(backend);
  using own = await createBackend();
  return await use(own);
}

/** A model's network on a back end. @throws {WeftError} where its parameters are not its architecture's */
function networkOn(backend: Backend, model: Model): Sequential {
  const { architecture, parameters, inputScale } = model;
  const { element } = inputOf(model);
  const inputMap = { scale: inputScale, offset: 0 };
  const network = Network.of(architecture, { element, inputMap });
  return new Sequential(backend, network, network.pick(tensorsOf(parameters)));
}

function taskOf({ task = "classification" }: Model): Task {
  return TASKS[task];
}

/**
 * Loss and metrics of `model` on `data`; of classification also the confusion matrix and how good the probabilities are.
 *
 * @throws {UsageError} where something has another type than it must have
 * @throws {WeftError} where the rows are not whole, or they or their targets are not the model's, or a probability is not
 * finite
 */
export function evaluate(
  model: Model,
  data: Extract<SampleData, { readonly labels: unknown }>,
  options?: InferenceOptions,
): Promise<FullEvaluation>;
/** Likewise of any task: its loss and metrics. */
export function evaluate(
  model: Model,
  data: SampleData | TableDataset | Table,
  options?: InferenceOptions,
): Promise<Evaluation>;
export async function evaluate(
  model: Model,
  given: SampleData | TableDataset | Table,
  options: InferenceOptions = {},
): Promise<Evaluation> {
  requireModel(model, "Cannot evaluate");
  const data = isTable(given) || isTableDataset(given)
    ? tableRows(model, given, options.onNote)
    : given;
  requireFits(model, data);
  return await withBackend(options, async (backend) => {
    const measured = await measureOn(model, data, backend);
    const { loss, metrics, confusionMatrix } = measured;
    if (taskOf(model).name !== "classification") return { loss, metrics };
    const samples = samplesOf(data);
    const probabilities = await outputsOf(model, samples, backend);
    const isKnown = knownRows(samples.targets);
    return {
      loss,
      metrics,
      confusionMatrix,
      accuracy: metrics.accuracy,
      macroF1: metrics.macroF1,
      ...probabilityMetrics(
        probabilities.filter((_, row) => isKnown(row)),
        samples.targets.values.filter((_, row) => isKnown(row)),
      ),
    };
  });
}

/**
 * Loss, metrics and details of `model` on `data`.
 *
 * @throws {WeftError} as `evaluate`
 */
export async function measureOn(
  model: Model,
  data: SampleData,
  backend: Backend,
): Promise<Evaluation & Details> {
  requireFits(model, data);
  const { architecture: { outputs }, targets: map = null } = model;
  const samples = samplesOf(data);
  const task = taskOf(model);
  const rows = allRows(samples.rows);
  const { losses, found } = await findOn(model, samples, rows, backend);
  const about = {
    outputs,
    map,
    threshold: thresholdOf(model),
    names: model.targets?.names ?? model.classNames,
  };
  return {
    loss: sumOfLosses(losses, samples.targets, rows) / samples.rows,
    metrics: task.measure(found, samples.targets, rows, about),
    ...task.detail(found, samples.targets, rows, about),
  };
}

/** Losses of some rows, and what the model's task finds of each: of binary tasks the logit. */
export async function findOn(
  model: Model,
  samples: Samples,
  rows: Uint32Array,
  backend: Backend,
): Promise<{ readonly losses: Float32Array; readonly found: Float32Array }> {
  const { architecture: { outputs }, targets: map = null } = model;
  const task = taskOf(model);
  using owned = new DisposableStack();
  const own = ownerOf(owned, backend);
  const features = uploaded(backend, own, samples);
  const loss = task.loss({
    backend,
    allocate: (rows, columns) => own(backend.allocate(rows, columns)),
    uploaded: uploadTargets(backend, own, samples.rows, samples.targets, null, map),
    rows,
    outputs,
  }, evaluationOptions(map ?? { huber: 0 }));
  using network = networkOn(backend, model);
  using evaluator = new Evaluator(network, features, rows, task.foundColumns(outputs));
  return await evaluator.run(loss);
}

/** Rows whose class the model knows. */
function knownRows({ values, known = Infinity }: SampleTargets): (row: number) => boolean {
  return (row) => values[row] < known;
}

/** The features in the order that they have; belong to the caller. */
function uploaded(
  backend: Backend,
  own: ReturnType<typeof ownerOf>,
  samples: Pick<Samples, "rows" | "element" | "shape" | "values" | "isAnyOrder">,
): RowFeatures {
  const reader = batchReader(backend, samples);
  if (reader) return reader;
  const { rows, element, shape } = samples;
  const features = element === "float32"
    ? own(backend.allocate(rows, sizeOf(shape)))
    : own(backend.allocateBytes(rows, sizeOf(shape)));
  for (const { first, rows, values } of sampleChunks(samples)) {
    backend.write(backend.view(features, first, rows), values as Uint8Array<ArrayBuffer>);
  }
  return rowsOf(backend, features);
}

/**
 * Probability of every class for each sample: of binary tasks of no and of yes, of multi-label tasks of each label by itself.
 *
 * @param values N x I bytes, row-major, 0 to 255; or float32 features, where the model was trained on such
 * @returns N rows of probabilities, one a class name, all finite
 * @throws {UsageError} where `values` has another type than the model takes, or the model gives numbers
 * @throws {WeftError} where it is not a whole number of the model's samples, or a sum in the network is beyond float32
 */
export async function predictProbabilities(
  model: Model,
  values: PredictRows,
  options: InferenceOptions = {},
): Promise<Float32Array[]> {
  const rows = rowsFor(model, values, options.onNote);
  const { name } = taskOf(model);
  if (name === "regression") {
    throw new UsageError(
      "Cannot predict probabilities: the model gives numbers, for its task is regression; use predict",
    );
  }
  const outputs = await withBackend(options, (backend) => outputsOf(model, rows, backend));
  return name === "binary" ? outputs.map(([yes]) => Float32Array.of(1 - yes, yes)) : outputs;
}

/** What the network gives for each row, after its task's head. */
async function outputsOf(
  model: Model,
  samples: Pick<Samples, "rows" | "element" | "shape" | "values">,
  backend: Backend,
): Promise<Float32Array[]> {
  const { outputs } = model.architecture;
  const { head } = taskOf(model);
  using owned = new DisposableStack();
  const features = uploaded(backend, ownerOf(owned, backend), samples);
  using network = networkOn(backend, model);
  using evaluator = new Evaluator(network, features, allRows(samples.rows));
  const rows: Float32Array[] = [];
  const turns = new Turns();
  for (const { logits, start, end } of evaluator.batches()) {
    if (head === "softmax") backend.softmax(logits, logits);
    else if (head === "sigmoid") backend.activation("sigmoid", logits, logits);
    const batch = await backend.read(logits);
    requireFinite(batch, outputs, start, head === "identity" ? "outputs" : "probabilities");
    for (let i = 0; i < end - start; i++) {
      rows.push(batch.slice(i * outputs, (i + 1) * outputs));
    }
    if (turns.isDue()) await turns.take();
  }
  return rows;
}

/** @param first the number of the first row of `values`, which are B x O */
function requireFinite(values: Float32Array, outputs: number, first: number, what: string): void {
  const position = values.findIndex((value) => !Number.isFinite(value));
  if (position < 0) return;
  throw new WeftError(
    `Cannot use the model on row ${first + Math.floor(position / outputs)}: its ${what} are not ` +
      "finite, because sums in the network are beyond float32; train a network with smaller weights",
  );
}

/**
 * What a model says of each sample; parameters as for `predictProbabilities`.
 *
 * @returns of classification the most probable class; of binary tasks 1 for yes, from the model's threshold on, else 0; of
 * multi-label tasks the numbers of the labels that a sample has; of regression the target in its own unit, or a list of
 * several
 */
export async function predict<Answer extends number | number[] = number>(
  model: Model,
  values: PredictRows,
  options: InferenceOptions = {},
): Promise<Answer[]> {
  const rows = rowsFor(model, values, options.onNote);
  const outputs = await withBackend(options, (backend) => outputsOf(model, rows, backend));
  return outputs.map((row) => answerOf(model, row)) as Answer[];
}

function answerOf(model: Model, row: Float32Array): number | number[] {
  const threshold = thresholdOf(model);
  switch (taskOf(model).name) {
    case "classification":
      return row.indexOf(row.reduce((a, b) => Math.max(a, b)));
    case "binary":
      return +(row[0] >= threshold);
    case "multi-label":
      return [...row.keys()].filter((label) => row[label] >= threshold);
    case "regression": {
      const numbers = [...inUnit(row, model.targets!)];
      return numbers.length === 1 ? numbers[0] : numbers;
    }
  }
}
