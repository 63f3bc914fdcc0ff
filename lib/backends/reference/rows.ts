/** Kernels that go by rows of logits, and counts of labels. */
import type { ReferenceKernels, ReferenceMatrix } from "./memory.ts";

type Names =
  | "softmax"
  | "softmaxCrossEntropy"
  | "weightedCrossEntropy"
  | "sumClassWeights"
  | "argmax"
  | "countCorrect"
  | "rowSquares"
  | "scaleRows";

/** -ln 1e-10: a probability is taken for at least 1e-10 in the loss. */
const LARGEST_LOSS = -Math.log(1e-10);

export const rows: ReferenceKernels<Names> = {
  softmax(p, logits) {
    for (let i = 0; i < p.rows; i++) {
      const { exponentials, sum } = rowExponentials(logits, i);
      exponentials.forEach((e, j) => p.data[i * p.columns + j] = e / sum);
    }
  },

  softmaxCrossEntropy(dLogits, losses, logits, labels, order, start) {
    const { rows, columns } = logits;
    for (let i = 0; i < rows; i++) {
      const { exponentials, sum, maximum } = rowExponentials(logits, i);
      const label = labels.data[order.data[start + i]];
      const margin = logits.data[i * columns + label] - maximum;
      losses.data[start + i] = Math.min(Math.log(sum) - margin, LARGEST_LOSS);
      exponentials.forEach((e, j) => {
        dLogits.data[i * columns + j] = (e / sum - (j === label ? 1 : 0)) / rows;
      });
    }
  },

  weightedCrossEntropy(
    dLogits,
    losses,
    logits,
    labels,
    order,
    start,
    { data: weights },
    { data: [weightSum] },
    smoothing,
  ) {
    const { rows, columns } = logits;
    for (let i = 0; i < rows; i++) {
      const { exponentials, sum, maximum } = rowExponentials(logits, i);
      const label = labels.data[order.data[start + i]];
      const t = Array.from(
        weights,
        (weight, c) => smoothing * weight / columns + (c === label ? (1 - smoothing) * weight : 0),
      );
      const total = t.reduce((a, b) => a + b, 0);
      let loss = 0;
      t.forEach((t, c) => {
        const margin = logits.data[i * columns + c] - maximum;
        if (t > 0) loss += t * (Math.log(sum) - margin);
      });
      losses.data[start + i] = Math.min(loss, total * LARGEST_LOSS);
      exponentials.forEach((e, c) => {
        dLogits.data[i * columns + c] = (e / sum * total - t[c]) / weightSum;
      });
    }
  },

  sumClassWeights(sum, classWeights, labels, order, start, rows) {
    let total = 0;
    for (let i = 0; i < rows; i++) total += classWeights.data[labels.data[order.data[start + i]]];
    sum.data[0] = total;
  },

  argmax(classes, logits, start) {
    for (let i = 0; i < logits.rows; i++) {
      let best = 0;
      const row = i * logits.columns;
      for (let j = 1; j < logits.columns; j++) {
        if (logits.data[row + j] > logits.data[row + best]) best = j;
      }
      classes.data[start + i] = best;
    }
  },

  countCorrect(count, classes, labels, order) {
    let correct = 0;
    classes.data.forEach((value, i) => {
      if (value === labels.data[order.data[i]]) correct++;
    });
    count.data[0] = correct;
  },

  scaleRows(y, x, scales, order, start) {
    for (let i = 0; i < x.rows; i++) {
      const scale = scales.data[order.data[start + i]];
      const row = i * x.columns;
      for (let j = row; j < row + x.columns; j++) y.data[j] = x.data[j] * scale;
    }
  },

  rowSquares(sums, x, start) {
    for (let i = 0; i < x.rows; i++) {
      let sum = 0;
      for (let j = 0; j < x.columns; j++) sum += x.data[i * x.columns + j] ** 2;
      sums.data[start + i] = sum;
    }
  },
};

/** e^(z - max z) of row `i`, with the sum of them. */
function rowExponentials(logits: ReferenceMatrix, i: number) {
  const row = logits.data.subarray(i * logits.columns, (i + 1) * logits.columns);
  const maximum = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Array.from(row, (z) => Math.exp(z - maximum));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return { exponentials, sum, maximum };
}
