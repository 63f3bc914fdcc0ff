/** The squared error, or Huber's, of standardized targets. */
import type { Matrix, RowIndices } from "../backend/mod.ts";
import type { BatchBuffers } from "../nn/sequential.ts";
import { RowLoss } from "./row_loss.ts";

export class SquaredErrorLoss extends RowLoss {
  take(
    { logits, dLogits }: Pick<BatchBuffers, "logits" | "dLogits">,
    losses: Matrix,
    order: RowIndices,
    start: number,
  ): void {
    const targets = this.place.uploaded.matrix as Matrix;
    const { backend, rowWeights, options: { huber } } = this;
    backend.squaredError(dLogits, losses, logits, targets, order, start, huber, rowWeights);
  }
}
