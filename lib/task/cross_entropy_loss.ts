/** What training aims at: the loss of every batch, and what the rows of an epoch count in it. */
import type { Backend, ByteMatrix, Matrix, RowIndices } from "../backend/mod.ts";
import type { BatchBuffers } from "../nn/sequential.ts";
import { RowWeights } from "./row_weights.ts";
import { classWeightsFor } from "./class_weights.ts";
import type { LossOptions, Metrics, TaskLoss } from "./task.ts";

/** Weights of classes and smoothed labels: see `weightedCrossEntropy`. */
interface CrossEntropyTargets {
  readonly smoothing: number;
  readonly classWeights: Matrix;
  readonly weightSum: Matrix;
}

/** On a back end, whose buffers belong to whoever makes it. */
export class TrainingLoss implements TaskLoss {
  readonly #correct: Matrix;
  readonly #rowWeights: RowWeights | null;
  /** Null for the plain mean over rows. */
  readonly #targets: CrossEntropyTargets | null;
  readonly #rows: number;
  /** What all training rows count together. */
  readonly #totalWeight: number;

  /**
   * @param allocate makes a matrix
   * @param labels   N x 1, and what they are
   * @param rows     to train on, by number
   * @param rowWeights what each row of the data set counts, by the mean over `rows`; null where all count alike
   */
  constructor(
    readonly backend: Backend,
    allocate: (rows: number, columns: number) => Matrix,
    { labelSmoothing, classWeights }: Pick<LossOptions, "labelSmoothing" | "classWeights">,
    readonly labels: ByteMatrix,
    labelValues: Uint8Array,
    rows: Uint32Array,
    classes: number,
    rowWeights: Float32Array | null = null,
  ) {
    const weights = classWeightsFor(classWeights, labelValues, rows, classes);
    this.#rows = rows.length;
    this.#rowWeights = rowWeights && new RowWeights(backend, allocate, rowWeights, rows);
    this.#totalWeight = weights
      ? rows.reduce((sum, row) => sum + weights[labelValues[row]], 0)
      : rows.length;
    this.#correct = allocate(1, 1);
    this.#targets = null;
    if (!weights && labelSmoothing === 0) return;
    const matrix = allocate(1, classes);
    backend.write(matrix, weights ?? new Float32Array(classes).fill(1));
    const weightSum = allocate(1, 1);
    this.#targets = { smoothing: labelSmoothing, classWeights: matrix, weightSum };
  }

  /**
   * The loss of an epoch.
   *
   * @param losses  sum over its rows, each times what it counts
   * @param penalty of the whole loss
   */
  mean(losses: number, penalty: number): number {
    // As without weights, to the last bit.
    if (this.#totalWeight === this.#rows) return (losses + penalty) / this.#rows;
    return losses / this.#totalWeight + penalty / this.#rows;
  }

  /**
   * Before the forward pass of a batch, which keeps products and what follows them together.
   *
   * @param start its first row, in `order`
   */
  prepare(order: RowIndices, start: number, rows: number): void {
    if (!this.#targets) return;
    const { weightSum, classWeights } = this.#targets;
    this.backend.sumClassWeights(weightSum, classWeights, this.labels, order, start, rows);
  }

  /** Writes the predicted classes. */
  note(classes: Matrix, logits: Matrix, start: number): void {
    this.backend.argmax(classes, logits, start);
  }

  /** The accuracy, counted on the back end; for more, classes would have to be read. */
  async epochMetrics(classes: Matrix, order: RowIndices): Promise<Metrics> {
    this.backend.countCorrect(this.#correct, classes, this.labels, order);
    const [correct] = await this.backend.read(this.#correct);
    return { accuracy: correct / classes.rows, macroF1: null };
  }

  /** Fills `losses` from `start` on, and the last of the batch's gradients, from the logits. */
  take(
    { logits, dLogits }: Pick<BatchBuffers, "logits" | "dLogits">,
    losses: Matrix,
    order: RowIndices,
    start: number,
  ): void {
    this.#take(dLogits, losses, logits, order, start);
    this.#rowWeights?.scale(dLogits, losses, order, start);
  }

  #take(dLogits: Matrix, losses: Matrix, logits: Matrix, order: RowIndices, start: number): void {
    const { backend, labels } = this;
    if (!this.#targets) {
      return backend.softmaxCrossEntropy(dLogits, losses, logits, labels, order, start);
    }
    const { classWeights, weightSum, smoothing } = this.#targets;
    backend.weightedCrossEntropy(
      dLogits,
      losses,
      logits,
      labels,
      order,
      start,
      classWeights,
      weightSum,
      smoothing,
    );
  }
}
