/** Losses of targets that are yes or no, or numbers. */
import { type Distance, DISTANCES } from "../../backend/distances.ts";
import type { ReferenceKernels } from "./memory.ts";

/** ln(1 + e^z). */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

/** The loss of a difference from the target, and its derivative. */
const OF_DIFFERENCE: Readonly<
  Record<Distance, (d: number, delta: number) => readonly [loss: number, slope: number]>
> = {
  squared: (d) => [d * d, 2 * d],
  huber: (d, delta) => [
    Math.abs(d) <= delta ? d * d / 2 : delta * (Math.abs(d) - delta / 2),
    Math.min(Math.max(d, -delta), delta),
  ],
};

export const losses: ReferenceKernels<"sigmoidCrossEntropy" | "distanceLoss"> = {
  sigmoidCrossEntropy(dLogits, losses, logits, targets, order, start, positive, rowWeights) {
    const { rows, columns } = logits;
    for (let i = 0; i < rows; i++) {
      const row = order.data[start + i];
      const weight = rowWeights ? rowWeights.data[row] : 1;
      let total = 0;
      for (let j = 0; j < columns; j++) {
        const z = logits.data[i * columns + j];
        const isYes = targets.data[row * columns + j] !== 0;
        const factor = isYes ? positive.data[j] : 1;
        total += factor * softplus(isYes ? -z : z);
        const gradient = isYes ? -factor * sigmoid(-z) : sigmoid(z);
        dLogits.data[i * columns + j] = weight * gradient / (rows * columns);
      }
      losses.data[start + i] = weight * total / columns;
    }
  },

  distanceLoss(dLogits, losses, logits, targets, order, start, distance, delta, rowWeights) {
    const { rows, columns } = logits;
    const ofDifference = OF_DIFFERENCE[DISTANCES[distance]];
    for (let i = 0; i < rows; i++) {
      const row = order.data[start + i];
      const weight = rowWeights ? rowWeights.data[row] : 1;
      let total = 0;
      for (let j = 0; j < columns; j++) {
        const d = logits.data[i * columns + j] - targets.data[row * columns + j];
        const [loss, slope] = ofDifference(d, delta);
        total += loss;
        dLogits.data[i * columns + j] = weight * slope / (rows * columns);
      }
      losses.data[start + i] = weight * total / columns;
    }
  },
};
