/** The loss of standardized targets by the difference from them: squared, Huber's and others. */
import { type Distance, DISTANCES } from "../backend/distances.ts";
import type { Matrix, RowIndices } from "../backend/mod.ts";
import type { BatchBuffers } from "../nn/sequential.ts";
import { RowLoss } from "./row_loss.ts";
import type { DistanceOptions } from "./task.ts";

export class DistanceLoss extends RowLoss {
  take(
    { logits, dLogits }: Pick<BatchBuffers, "logits" | "dLogits">,
    losses: Matrix,
    order: RowIndices,
    start: number,
  ): void {
    const targets = this.place.uploaded.matrix as Matrix;
    const { backend, rowWeights, options } = this;
    const distance = DISTANCES.indexOf(distanceOf(options));
    const { huber } = options;
    backend.distanceLoss(
      dLogits,
      losses,
      logits,
      targets,
      order,
      start,
      distance,
      huber,
      rowWeights,
    );
  }
}

/** Where nothing else is asked for, Huber's delta tells. */
function distanceOf({ huber, distance = "squared" }: DistanceOptions): Distance {
  return distance === "squared" && huber > 0 ? "huber" : distance;
}
