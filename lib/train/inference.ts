/** Uses a network: how good it is on pictures, and what it makes of them. */
import type { Backend, ByteMatrix, Matrix } from "../backend.ts";
import { allRows } from "../dataset/batches.ts";
import { sampleChunks, type SampleData, type Samples, samplesOf } from "../dataset/samples.ts";
import { createBackend } from "../backends/mod.ts";
import { isArrayOf, refuse } from "../checks.ts";
import { WeftError } from "../errors.ts";
import { inputOf, type Model } from "../model/model.ts";
import { sizeOf } from "../nn/layer.ts";
import { Network } from "../nn/network.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import { Sequential } from "../nn/sequential.ts";
import { tensorsOf } from "../nn/tensors.ts";
import { Evaluator, sum } from "./evaluator.ts";
import { requireFiniteRows, requireFits, requireModel } from "./sample_checks.ts";
import { accuracy, confusionMatrix, macroF1, perClassMetrics } from "./metrics.ts";
import { type ProbabilityMetrics, probabilityMetrics } from "./probability_metrics.ts";

export interface Evaluation {
  /** Mean cross-entropy, in nats. */
  readonly loss: number;
  readonly accuracy: number;
  /** O x O: counts by true class (row) and predicted class (column). */
  readonly confusionMatrix: number[][];
}

/** And how good the probabilities are. */
export interface FullEvaluation extends Evaluation, ProbabilityMetrics {
  /** The unweighted mean of the F1 of the classes that are in the labels or predicted. */
  readonly macroF1: number;
}

export interface InferenceOptions {
  /** Where to compute; made for the call where left out. */
  readonly backend?: Backend;
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
function networkOn(
  backend: Backend,
  model: Model,
): Sequential {
  const { architecture, parameters, inputScale } = model;
  const { element } = inputOf(model);
  const inputMap = { scale: inputScale, offset: 0 };
  const network = Network.of(architecture, { element, inputMap });
  return new Sequential(backend, network, network.pick(tensorsOf(parameters)));
}

/**
 * Loss, accuracy, confusion matrix and what else there is to measure of `model` on `data`.
 *
 * @throws {UsageError} where something has another type than it must have
 * @throws {WeftError} where the rows are not whole, or they or the labels are not the model's, or a probability is not
 * finite
 */
export async function evaluate(
  model: Model,
  data: SampleData,
  options: InferenceOptions = {},
): Promise<FullEvaluation> {
  requireModel(model, "Cannot evaluate");
  requireFits(model, data);
  return await withBackend(options, async (backend) => {
    const evaluation = await evaluateClasses(model, data, { backend });
    const probabilities = await probabilitiesOf(model, samplesOf(data), backend);
    const perClass = perClassMetrics(evaluation.confusionMatrix, model.classNames);
    return {
      ...evaluation,
      macroF1: macroF1(perClass),
      ...probabilityMetrics(probabilities, data.labels),
    };
  });
}

/**
 * Loss, accuracy and confusion matrix of `model` on `data`.
 *
 * @throws {WeftError} as `evaluate`
 */
export async function evaluateClasses(
  model: Model,
  data: SampleData,
  options: InferenceOptions = {},
): Promise<Evaluation> {
  requireFits(model, data);
  const { outputs } = model.architecture;
  const samples = samplesOf(data);
  const { rows } = samples;
  return await withBackend(options, async (backend) => {
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    const features = uploaded(backend, own, samples);
    const labels = own(backend.allocateBytes(rows, 1));
    backend.write(labels, samples.labels);
    using network = networkOn(backend, model);
    using evaluator = new Evaluator(network, features, allRows(rows));
    const { losses, classes } = await evaluator.run(labels);
    const confusion = confusionMatrix(samples.labels, classes, outputs);
    return {
      loss: sum(losses) / rows,
      accuracy: accuracy(confusion),
      confusionMatrix: confusion,
    };
  });
}

/** The features in the order that they have; belongs to the caller. */
function uploaded(
  backend: Backend,
  own: ReturnType<typeof ownerOf>,
  samples: Pick<Samples, "rows" | "element" | "shape" | "values">,
): Matrix | ByteMatrix {
  const { rows, element, shape } = samples;
  const features = element === "float32"
    ? own(backend.allocate(rows, sizeOf(shape)))
    : own(backend.allocateBytes(rows, sizeOf(shape)));
  for (const { first, rows, values } of sampleChunks(samples)) {
    backend.write(backend.view(features, first, rows), values as Uint8Array<ArrayBuffer>);
  }
  return features;
}

/** Rows for a model, from numbers alone. @throws {UsageError} where they are of another type @throws {WeftError} where not whole */
function rowsFor(model: Model, values: Uint8Array | Float32Array) {
  requireModel(model, "Cannot predict");
  const { element, shape } = inputOf(model);
  const isFloat = element === "float32";
  if (!isArrayOf(isFloat ? "Float32Array" : "Uint8Array", values)) {
    const give = isFloat
      ? "a Float32Array of features, as the model was trained on"
      : "a Uint8Array of bytes from 0 to 255, as the model was trained on";
    refuse("Cannot predict", isFloat ? "features" : "pixels", values, give);
  }
  const { inputs } = model.architecture;
  const rows = values.length / inputs;
  if (!Number.isInteger(rows) || rows < 1) {
    const [what, size] = isFloat
      ? ["float32 features", shape.join(" x ")]
      : ["bytes", `${model.height} x ${model.width}`];
    throw new WeftError(
      `Cannot predict from ${values.length} ${what}: the model takes ${
        shape.length === 1 ? inputs : `${size} = ${inputs}`
      } ${what} a sample, and one sample at least`,
    );
  }
  requireFiniteRows(values, inputs, "Cannot predict", "features");
  return { rows, element, shape, values };
}

/**
 * Probability of every class for each sample.
 *
 * @param values N x I bytes, row-major, 0 to 255; or float32 features, where the model was trained on such
 * @returns N rows of O probabilities, all finite
 * @throws {UsageError} where `values` has another type than the model takes
 * @throws {WeftError} where it is not a whole number of the model's samples, or a sum in the network is beyond float32
 */
export async function predictProbabilities(
  model: Model,
  values: Uint8Array | Float32Array,
  options: InferenceOptions = {},
): Promise<Float32Array[]> {
  const rows = rowsFor(model, values);
  return await withBackend(options, (backend) => probabilitiesOf(model, rows, backend));
}

async function probabilitiesOf(
  model: Model,
  samples: Pick<Samples, "rows" | "element" | "shape" | "values">,
  backend: Backend,
): Promise<Float32Array[]> {
  const { outputs } = model.architecture;
  using owned = new DisposableStack();
  const features = uploaded(backend, ownerOf(owned, backend), samples);
  using network = networkOn(backend, model);
  using evaluator = new Evaluator(network, features, allRows(samples.rows));
  const probabilities: Float32Array[] = [];
  for (const { logits, start, end } of evaluator.batches()) {
    backend.softmax(logits, logits);
    const batch = await backend.read(logits);
    requireFinite(batch, outputs, start);
    for (let i = 0; i < end - start; i++) {
      probabilities.push(batch.slice(i * outputs, (i + 1) * outputs));
    }
  }
  return probabilities;
}

/** @param first the number of the first row of `probabilities`, which are B x O */
function requireFinite(probabilities: Float32Array, outputs: number, first: number): void {
  const position = probabilities.findIndex((value) => !Number.isFinite(value));
  if (position < 0) return;
  throw new WeftError(
    `Cannot use the model on row ${
      first + Math.floor(position / outputs)
    }: its probabilities are not ` +
      "finite, because sums in the network are beyond float32; train a network with smaller weights",
  );
}

/** The most probable class of each sample; parameters as for `predictProbabilities`. */
export async function predict(
  model: Model,
  values: Uint8Array | Float32Array,
  options: InferenceOptions = {},
): Promise<number[]> {
  const probabilities = await predictProbabilities(model, values, options);
  return probabilities.map((row) => row.indexOf(row.reduce((a, b) => Math.max(a, b))));
}
