/** The cross-entropy of outputs that are yes or no, each by itself: of binary and multi-label tasks. */
import type { ByteMatrix, Matrix, RowIndices } from "../backend/mod.ts";
import type { BatchBuffers } from "../nn/sequential.ts";
import { RowLoss } from "./row_loss.ts";
import type { LossOptions, LossPlace, Task } from "./task.ts";

export class SigmoidLoss extends RowLoss {
  readonly #positive: Matrix;

  constructor(task: Task, place: LossPlace, options: LossOptions, weights: Float32Array | null) {
    super(task, place, options, weights);
    const { backend, allocate, outputs } = place;
    this.#positive = allocate(1, outputs);
    backend.write(this.#positive, new Float32Array(outputs).fill(options.positiveWeight));
  }

  take(
    { logits, dLogits }: Pick<BatchBuffers, "logits" | "dLogits">,
    losses: Matrix,
    order: RowIndices,
    start: number,
  ): void {
    const targets = this.place.uploaded.matrix as ByteMatrix;
    const { backend, rowWeights } = this;
    backend.sigmoidCrossEntropy(
      dLogits,
      losses,
      logits,
      targets,
      order,
      start,
      this.#positive,
      rowWeights,
    );
  }
}
