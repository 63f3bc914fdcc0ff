/** Kernels that go by columns of a batch. */
import type { ReferenceKernels } from "./memory.ts";

type Names = "columnSums" | "batchNormForward" | "batchNormBackward";

export const columns: ReferenceKernels<Names> = {
  columnSums(sums, x) {
    for (let j = 0; j < x.columns; j++) {
      let sum = 0;
      for (let i = 0; i < x.rows; i++) sum += x.data[i * x.columns + j];
      sums.data[j] = sum;
    }
  },

  batchNormForward(y, statistics, running, x, weight, bias, momentum, epsilon) {
    const { rows, columns } = x;
    for (let j = 0; j < columns; j++) {
      const column = Array.from({ length: rows }, (_, i) => x.data[i * columns + j]);
      const mean = column.reduce((a, b) => a + b, 0) / rows;
      const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
      const inverse = 1 / Math.sqrt(variance + epsilon);
      [statistics.data[j], statistics.data[columns + j]] = [mean, inverse];
      const [oldMean, oldVariance] = [running.data[j], running.data[columns + j]];
      running.data[j] = oldMean + momentum * (mean - oldMean);
      const unbiased = variance * rows / (rows - 1);
      running.data[columns + j] = oldVariance + momentum * (unbiased - oldVariance);
      column.forEach((value, i) => {
        y.data[i * columns + j] = (value - mean) * inverse * weight.data[j] + bias.data[j];
      });
    }
  },

  batchNormBackward(dx, dweight, dbias, dy, x, statistics, weight) {
    const { rows, columns } = x;
    for (let j = 0; j < columns; j++) {
      const [mean, inverse] = [statistics.data[j], statistics.data[columns + j]];
      const at = Array.from({ length: rows }, (_, i) => i * columns + j);
      const normals = at.map((i) => (x.data[i] - mean) * inverse);
      const sum = at.reduce((sum, i) => sum + dy.data[i], 0);
      const product = at.reduce((sum, i, row) => sum + dy.data[i] * normals[row], 0);
      [dbias.data[j], dweight.data[j]] = [sum, product];
      at.forEach((i, row) => {
        const rest = dy.data[i] - sum / rows - normals[row] * product / rows;
        dx.data[i] = weight.data[j] * inverse * rest;
      });
    }
  },
};
