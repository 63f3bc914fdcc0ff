/** Kernels that bring the rows of a batch together. */
import { lowbias32 } from "../../random/hashes.ts";
import type { ReferenceKernels, ReferenceMatrix, ReferenceOrder } from "./memory.ts";

type Names = "gather" | "gatherFloats" | "gatherTransformed";
type Rows = Pick<ReferenceMatrix, "rows" | "columns"> & {
  readonly data: Uint8Array | Float32Array;
};

function gather(x: Rows, data: Rows, order: ReferenceOrder, start: number): void {
  for (let i = 0; i < x.rows; i++) {
    const row = order.data[start + i] * x.columns;
    for (let j = 0; j < x.columns; j++) x.data[i * x.columns + j] = data.data[row + j];
  }
}

export const images: ReferenceKernels<Names> = {
  gather,
  gatherFloats: gather,

  gatherTransformed(x, data, order, start, sources, key) {
    const { rows, columns } = x;
    for (let i = 0; i < rows; i++) {
      const row = order.data[start + i];
      const table = lowbias32(lowbias32(row) + key) % (sources.length / columns);
      for (let j = 0; j < columns; j++) {
        const source = sources.data[table * columns + j];
        x.data[i * columns + j] = source < columns ? data.data[row * columns + source] : 0;
      }
    }
  },
};
