/** Kernels that go by rows: gather, scaleRows, gatherTransformed, addBias, columnSums. */
import { agree, type Program, runReference, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { exact, sumBound } from "./tolerance.ts";
import { LENGTHS, normals, wholeNumbers } from "./values.ts";

const HEIGHTS = [1, 2, 5, 37];

function columnSums(rows: number, columns: number, x: Float32Array): Program {
  return (rig) => {
    const sums = rig.output(1, columns);
    rig.backend.columnSums(sums, rig.matrix(rows, columns, x));
    return [sums];
  };
}

export const rowCases: Cases = {
  "gather picks rows as by hand, some twice, from a start within the order": async (backend) => {
    const program: Program = (rig) => {
      const x = rig.byteOutput(3, 2);
      const data = rig.bytes(3, 2, [0, 255, 51, 102, 204, 153]);
      rig.backend.gather(x, data, rig.order([1, 2, 0, 2, 1]), 1);
      return [x];
    };
    await yields(backend, program, [[204, 153, 0, 255, 204, 153]], exact);
  },

  "gather picks rows of any length": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of HEIGHTS) {
        await agree(backend, (rig) => {
          const x = rig.byteOutput(rows, columns);
          const data = rig.bytes(41, columns, wholeNumbers(41 * columns, columns, 256));
          const order = rig.order([...wholeNumbers(rows + 3, rows, 41)]);
          rig.backend.gather(x, data, order, 2);
          return [x];
        }, exact);
      }
    }
  },

  "gatherFloats picks rows of any length, of views too, and copies every bit": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of HEIGHTS) {
        await agree(backend, (rig) => {
          const x = rig.output(rows, columns);
          const values = normals(41 * columns, columns);
          values[0] = -Infinity;
          values[columns] = 2 ** -140;
          const data = rig.matrix(41, columns, values);
          const order = rig.order([...wholeNumbers(rows + 3, rows, 41)]);
          rig.backend.gatherFloats(x, data, order, 2);
          return [x];
        }, exact);
      }
    }
  },

  "scaleRows scales rows of any length, of views too, in place or not": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of HEIGHTS) {
        await agree(
          backend,
          (rig) => {
            const [y, all] = [
              rig.output(rows, columns),
              rig.matrix(
                rows + 2,
                columns,
                normals((rows + 2) * columns, columns),
              ),
            ];
            const x = rig.backend.view(all, 1, rows);
            const scales = rig.matrix(41, 1, wholeNumbers(41, columns, 5));
            const order = rig.order([...wholeNumbers(rows + 3, rows, 41)]);
            rig.backend.scaleRows(y, x, scales, order, 2);
            rig.backend.scaleRows(x, x, scales, order, 1);
            return [y, all];
          },
          exact,
          exact,
        );
      }
    }
  },

  "gatherTransformed sends rows through tables as an independent program does": async (backend) => {
    const program: Program = (rig) => {
      const x = rig.byteOutput(4, 5);
      const values = Uint8Array.from(
        { length: 40 },
        (_, i) => 31 * Math.floor(i / 5) + 57 * (i % 5) + 11,
      );
      const data = rig.bytes(8, 5, values);
      const sources = rig.order([
        ...[0, 1, 2, 3, 4],
        ...[4, 3, 2, 1, 0],
        ...[5, 0, 1, 2, 3],
        ...[4294967295, 5, 0, 0, 1],
      ]);
      rig.backend.gatherTransformed(x, data, rig.order([7, 0, 3, 7, 4]), 1, sources, 0xfedcba98);
      return [x];
    };
    // From Python: mix(mix(row) + key) mod 4 is 3, 2, 2, 1.
    const first = [0, 0, 11, 11, 68, 0, 104, 161, 218, 19];
    const last = [0, 228, 29, 86, 143, 107, 50, 249, 192, 135];
    await yields(backend, program, [[...first, ...last]], exact);
  },

  "gatherTransformed takes rows of any length and any number of tables": async (backend) => {
    for (const columns of LENGTHS) {
      for (const [rows, tables] of [[1, 1], [2, 3], [5, 50], [37, 18]]) {
        await agree(backend, (rig) => {
          const x = rig.byteOutput(rows, columns);
          const data = rig.bytes(41, columns, wholeNumbers(41 * columns, columns, 256));
          const order = rig.order([...wholeNumbers(rows + 3, rows, 41)]);
          const sources = rig.order([...wholeNumbers(tables * columns, tables, columns + 2)]);
          rig.backend.gatherTransformed(x, data, order, 2, sources, columns * 0x1234567 % 2 ** 32);
          return [x];
        }, exact);
      }
    }
  },

  "addBias adds a row to every row as by hand": async (backend) => {
    const program: Program = (rig) => {
      const y = rig.output(2, 3);
      const x = rig.matrix(2, 3, [1, 2, 3, 4, 5, NaN]);
      rig.backend.addBias(y, x, rig.matrix(1, 3, [10, -2, 0.5]));
      return [y];
    };
    await yields(backend, program, [[11, 0, 3.5, 14, 3, NaN]], exact);
  },

  "addBias takes rows of any length, also in place": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of HEIGHTS) {
        const [x, bias] = [normals(rows * columns, 1), normals(columns, 2)];
        await agree(
          backend,
          (rig) => {
            const y = rig.output(rows, columns);
            const inPlace = rig.matrix(rows, columns, x);
            const row = rig.matrix(1, columns, bias);
            rig.backend.addBias(y, rig.matrix(rows, columns, x), row);
            rig.backend.addBias(inPlace, inPlace, row);
            return [y, inPlace];
          },
          exact,
          exact,
        );
      }
    }
  },

  "columnSums adds up columns as by hand": async (backend) => {
    const x = new Float32Array([1, 2, Infinity, 0.5, -2, 1]);
    await yields(backend, columnSums(2, 3, x), [[1.5, 0, Infinity]], exact);
    await yields(backend, columnSums(1, 6, x), [x], exact);
    await yields(
      backend,
      columnSums(2, 1, new Float32Array([Infinity, -Infinity])),
      [[NaN]],
      exact,
    );
  },

  "columnSums of any size rounds no more than its additions may": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of [...HEIGHTS, 256]) {
        const x = normals(rows * columns, rows);
        const [magnitudes] = await runReference(columnSums(rows, columns, x.map(Math.abs)));
        await agree(backend, columnSums(rows, columns, x), sumBound(rows, magnitudes));
        const whole = wholeNumbers(rows * columns, rows, 1000);
        await agree(backend, columnSums(rows, columns, whole), exact);
      }
    }
  },
};
