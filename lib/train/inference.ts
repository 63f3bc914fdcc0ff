/**
 * Uses a network: losses and classes of many rows, batch by batch, read back once.
 */
import type { Backend, ByteMatrix, Matrix, RowOrder } from "../backend.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { batchRanges } from "../dataset/batches.ts";
import { createBackend } from "../backends/mod.ts";
import { WeftError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { type BatchBuffers, Mlp } from "../nn/mlp.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import { requireFits } from "./image_checks.ts";
import { accuracy, confusionMatrix, macroF1, perClassMetrics } from "./metrics.ts";
import { type ProbabilityMetrics, probabilityMetrics } from "./probability_metrics.ts";

/**
 * Rows of a batch where nothing is learnt, so that the size is free: few enough that a batch of 784 inputs stays near the
 * processor, enough to amortise what a call costs.
 */
export const INFERENCE_BATCH = 256;

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

/** Runs a network over the rows of `pixels` that `order` names. Its buffers live as long as it does. */
export class Evaluator implements Disposable {
  readonly #buffers: Map<number, BatchBuffers>;
  readonly #order: RowOrder;
  readonly #losses: Matrix;
  readonly #classes: Matrix;
  readonly #owned: DisposableStack;

  /**
   * @param pixels N x I
   * @param labels N x 1
   * @param rows   rows to evaluate, by number
   */
  constructor(
    readonly mlp: Mlp,
    readonly pixels: ByteMatrix,
    readonly labels: ByteMatrix,
    readonly rows: Uint32Array,
  ) {
    const { backend } = mlp;
    this.#buffers = bufferSizes(mlp, rows.length, INFERENCE_BATCH, false);
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    this.#order = own(backend.allocateOrder(rows.length));
    this.#losses = own(backend.allocate(rows.length, 1));
    this.#classes = own(backend.allocate(rows.length, 1));
    backend.writeOrder(this.#order, rows);
    this.#owned = owned.move();
  }

  /** The loss of each row in nats, and its predicted class. */
  async run(): Promise<{ losses: Float32Array; classes: Float32Array }> {
    const { mlp, mlp: { backend }, pixels, labels, rows } = this;
    for (const { start, end } of batchRanges(rows.length, INFERENCE_BATCH)) {
      const buffers = this.#buffers.get(end - start)!;
      backend.gather(buffers.x, pixels, this.#order, start);
      const logits = mlp.forward(buffers);
      backend.argmax(this.#classes, logits, start);
      backend.softmaxCrossEntropy(logits, this.#losses, logits, labels, this.#order, start);
    }
    return { losses: await backend.read(this.#losses), classes: await backend.read(this.#classes) };
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}

/** Buffers for each size that the batches of `rows` rows have: `batchSize`, and the last one's. */
export function bufferSizes(
  mlp: Mlp,
  rows: number,
  batchSize: number,
  training: boolean,
): Map<number, BatchBuffers> {
  const largest = Math.min(rows, batchSize);
  const whole = mlp.batchBuffers(largest, training);
  const sizes = new Map([[largest, whole]]);
  const last = rows % largest;
  if (last > 0) sizes.set(last, mlp.firstRows(whole, last));
  return sizes;
}

/** Sum in float64, in order. */
export function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The row numbers 0 to `rows` - 1. */
export function allRows(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, i) => i);
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
  const { architecture: { inputs, outputs }, inputScale } = model;
  return await withBackend(options, async (backend) => {
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    const pixels = own(backend.allocateBytes(images.rows, inputs));
    const labels = own(backend.allocateBytes(images.rows, 1));
    backend.write(pixels, images.pixels);
    backend.write(labels, images.labels);
    using mlp = new Mlp(backend, model.architecture, model.parameters, inputScale);
    using evaluator = new Evaluator(mlp, pixels, labels, allRows(images.rows));
    const { losses, classes } = await evaluator.run();
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
  const { architecture: { inputs, outputs }, inputScale } = model;
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
    const order = own(backend.allocateOrder(rows));
    backend.writeOrder(order, allRows(rows));
    using mlp = new Mlp(backend, model.architecture, model.parameters, inputScale);
    const sizes = bufferSizes(mlp, rows, INFERENCE_BATCH, false);
    const probabilities: Float32Array[] = [];
    for (const { start, end } of batchRanges(rows, INFERENCE_BATCH)) {
      const buffers = sizes.get(end - start)!;
      backend.gather(buffers.x, data, order, start);
      const logits = mlp.forward(buffers);
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
