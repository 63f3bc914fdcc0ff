/** Matrix products, as the definition has them: sums in float64, rounded once. */
import type { GemmOptions } from "../../backend/backend.ts";
import type { ReferenceKernels } from "./memory.ts";

const PLAIN: GemmOptions = {};

export const products: ReferenceKernels<"gemm"> = {
  gemm(c, a, b, options = PLAIN) {
    const { transposeA = false, transposeB = false, accumulate = false, alpha = 1 } = options;
    const depth = transposeA ? a.rows : a.columns;
    const [aRow, aStep] = transposeA ? [1, a.columns] : [a.columns, 1];
    const [bStep, bColumn] = transposeB ? [1, b.columns] : [b.columns, 1];
    for (let i = 0; i < c.rows; i++) {
      for (let j = 0; j < c.columns; j++) {
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          sum += a.data[i * aRow + k * aStep] * b.data[k * bStep + j * bColumn];
        }
        c.data[i * c.columns + j] = alpha * sum + (accumulate ? c.data[i * c.columns + j] : 0);
      }
    }
  },
};
