/** Rows of one matrix that do not overlap are separate operands of every kernel. */
import assert from "node:assert/strict";
import type { Backend } from "../../lib/backend/backend.ts";
import type { Matrix } from "../../lib/backend/matrices.ts";
import type { Cases } from "./suite.ts";
import { argumentsOf, shapeOf, TABLE_CALLS, type TableCall } from "./table_calls.ts";
import { normals } from "./values.ts";

/** What `call` leaves in its float32 operands, which `place` makes of rows and columns. */
async function results(
  backend: Backend,
  call: TableCall,
  width: number,
  place: (rows: number, columns: number) => Matrix,
): Promise<Float32Array[]> {
  const matrices: Matrix[] = [];
  const args = argumentsOf(backend, call.kernel, width, (argument, at) => {
    const [rows, columns] = shapeOf(argument, width);
    const matrix = place(rows, columns);
    backend.write(matrix, normals(rows * columns, at + 1).map(Math.abs));
    matrices.push(matrix);
    return matrix;
  });
  call.run(backend, args);
  return await Promise.all(matrices.map((matrix) => backend.read(matrix)));
}

export const aliasCases: Cases = {
  "operands may be rows of one matrix, outputs among them": async (backend) => {
    for (const call of TABLE_CALLS) {
      for (const width of [1, 5]) {
        const apart = await results(backend, call, width, (r, c) => backend.allocate(r, c));
        const wholes = new Map<number, { whole: Matrix; taken: number }>();
        const together = await results(backend, call, width, (rows, columns) => {
          const at = wholes.get(columns) ?? { whole: backend.allocate(40, columns), taken: 0 };
          wholes.set(columns, { ...at, taken: at.taken + rows });
          return backend.view(at.whole, at.taken, rows);
        });
        assert.deepEqual(together, apart, `${call.name}, ${width} columns`);
      }
    }
  },

  "operands of a product may be rows of one matrix": async (backend) => {
    const whole = backend.allocate(9, 3);
    const [c, a, b] = [0, 3, 6].map((first) => backend.view(whole, first, 3));
    backend.write(a, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
    backend.write(b, Float32Array.of(1, 0, 0, 0, 2, 0, 0, 0, 3));
    backend.gemm(c, a, b);
    assert.deepEqual([...await backend.read(c)], [1, 4, 9, 4, 10, 18, 7, 16, 27]);
  },
};
