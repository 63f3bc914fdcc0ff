/** Uses a network: how good it is on pictures, and what it makes of them. */
import type { Backend } from "../backend.ts";
import { allRows } from "../dataset/batches.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { createBackend } from "../backends/mod.ts";
import { WeftError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { Network } from "../nn/network.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import { Sequential } from "../nn/sequential.ts";
import { tensorsOf } from "../nn/tensors.ts";
import { Evaluator, sum } from "./evaluator.ts";
import { requireFits } from "./image_checks.ts";
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
  { architecture, parameters, inputScale }: Model,
): Sequential {
  const network = Network.of(architecture, { inputMap: { scale: inputScale, offset: 0 } });
  return new Sequential(backend, network, network.pick(tensorsOf(parameters)));
}

/**
 * Loss, accuracy, confusion matrix and what else there is to measure of `model` on `images`.
 *
 * @throws {WeftError} where the images are not whole, or they or the labels are not the model's, or a probability is not
 * finite
 */
export async function evaluate(
  model: Model,
  images: LabelledImages,
  options: InferenceOptions = {},
): Promise<FullEvaluation> {
  return await withBackend(options, async (backend) => {
    const evaluation = await evaluateClasses(model, images, { backend });
    const probabilities = await predictProbabilities(model, images.pixels, { backend });
    const perClass = perClassMetrics(evaluation.confusionMatrix, model.classNames);
    return {
      ...evaluation,
      macroF1: macroF1(perClass),
      ...probabilityMetrics(probabilities, images.labels),
    };
  });
}

/**
 * Loss, accuracy and confusion matrix of `model` on `images`.
 *
 * @throws {WeftError} as `evaluate`
 */
export async function evaluateClasses(
  model: Model,
  images: LabelledImages,
  options: InferenceOptions = {},
): Promise<Evaluation> {
  requireFits(model, images);
  const { inputs, outputs } = model.architecture;
  return await withBackend(options, async (backend) => {
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    const pixels = own(backend.allocateBytes(images.rows, inputs));
    const labels = own(backend.allocateBytes(images.rows, 1));
    backend.write(pixels, images.pixels);
    backend.write(labels, images.labels);
    using network = networkOn(backend, model);
    using evaluator = new Evaluator(network, pixels, allRows(images.rows));
    const { losses, classes } = await evaluator.run(labels);
    const confusion = confusionMatrix(images.labels, classes, outputs);
    return {
      loss: sum(losses) / images.rows,
      accuracy: accuracy(confusion),
      confusionMatrix: confusion,
    };
  });
}

/**
 * Probability of every class for each sample.
 *
 * @param pixels N x I bytes, row-major, 0 to 255
 * @returns N rows of O probabilities, all finite
 * @throws {WeftError} where `pixels` is not a whole number of the model's samples, or a sum in the network is beyond float32
 */
export async function predictProbabilities(
  model: Model,
  pixels: Uint8Array,
  options: InferenceOptions = {},
): Promise<Float32Array[]> {
  const { inputs, outputs } = model.architecture;
  const rows = pixels.length / inputs;
  if (!Number.isInteger(rows) || rows < 1) {
    throw new WeftError(
      `Cannot predict from ${pixels.length} bytes: the model takes ${model.height} x ${model.width} = ${inputs} ` +
        "bytes a sample, and one sample at least",
    );
  }
  return await withBackend(options, async (backend) => {
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    const data = own(backend.allocateBytes(rows, inputs));
    backend.write(data, pixels);
    using network = networkOn(backend, model);
    using evaluator = new Evaluator(network, data, allRows(rows));
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
  });
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
  pixels: Uint8Array,
  options: InferenceOptions = {},
): Promise<number[]> {
  const probabilities = await predictProbabilities(model, pixels, options);
  return probabilities.map((row) => row.indexOf(row.reduce((a, b) => Math.max(a, b))));
}
