/** Losses of targets that are yes or no, or numbers. */
import type { ReferenceKernels } from "./memory.ts";

/** ln(1 + e^z). */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

export const losses: ReferenceKernels<"sigmoidCrossEntropy" | "squaredError"> = {
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

  squaredError(dLogits, losses, logits, targets, order, start, delta, rowWeights) {
    const { rows, columns } = logits;
    for (let i = 0; i < rows; i++) {
      const row = order.data[start + i];
      const weight = rowWeights ? rowWeights.data[row] : 1;
      let total = 0;
      for (let j = 0; j < columns; j++) {
        const d = logits.data[i * columns + j] - targets.data[row * columns + j];
        const isHuber = delta > 0;
        const slope = isHuber ? Math.min(Math.max(d, -delta), delta) : 2 * d;
        const beyond = isHuber && !(Math.abs(d) <= delta);
        total += beyond ? delta * (Math.abs(d) - delta / 2) : d * d / (isHuber ? 2 : 1);
        dLogits.data[i * columns + j] = weight * slope / (rows * columns);
      }
      losses.data[start + i] = weight * total / columns;
    }
  },
};
