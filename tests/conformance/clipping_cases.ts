/** The norm of gradients, and the scale that clips it: rowSquares, clipScale. */
import { agree, type Program, runReference, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { type Bound, exact, relative, sumBound, U } from "./tolerance.ts";
import { LENGTHS, normals, wholeNumbers } from "./values.ts";

function rowSquares(rows: number, columns: number, x: ArrayLike<number>): Program {
  return (rig) => {
    const sums = rig.output(rows + 3, 1);
    rig.backend.rowSquares(sums, rig.matrix(rows, columns, x), 2);
    return [sums];
  };
}

function clipScale(sums: ArrayLike<number>, maxNorm: number): Program {
  return (rig) => {
    const scale = rig.output(1, 1);
    rig.backend.clipScale(scale, rig.matrix(sums.length, 1, sums), maxNorm);
    return [scale];
  };
}

/**
 * A sum of squares is off by as many roundings as it has additions, its root by half of that and its own (9 U in WGSL);
 * then the largest norm, the small number, its sum and the quotient (5 U in WGSL).
 */
export const scaleBound = (rows: number): Bound => relative((rows / 2 + 9 + 3 + 5 + 1) * U);

export const clippingCases: Cases = {
  "rowSquares adds up squares as by hand, from a start within the output": async (backend) => {
    const x = [1, -2, 3, 0, NaN, 1, Infinity, 1, 1, 0, 0, 0];
    const expected = [NaN, NaN, 14, NaN, Infinity, 0, NaN];
    await yields(backend, rowSquares(4, 3, x), [expected], exact);
  },

  "rowSquares of any size rounds no more than its additions may": async (backend) => {
    for (const columns of [...LENGTHS, 1000]) {
      for (const rows of [1, 2, 5, 37]) {
        const program = rowSquares(rows, columns, normals(rows * columns, rows));
        const [magnitudes] = await runReference(program);
        await agree(backend, program, sumBound(columns, magnitudes));
        await agree(
          backend,
          rowSquares(rows, columns, wholeNumbers(rows * columns, rows, 100)),
          exact,
        );
      }
    }
  },

  "clipScale is 1 where gradients are short enough, and as by hand where not": async (backend) => {
    await yields(backend, clipScale([9, 16], 5.1), [[1]], exact);
    await yields(backend, clipScale([0], 1), [[1]], exact);
    await yields(backend, clipScale([9, 0, 16], 2.5), [[2.5 / (5 + 1e-6)]], scaleBound(3));
    await yields(backend, clipScale([1e30], 1), [[1e-15]], scaleBound(1));
  },

  "clipScale takes any number of rows": async (backend) => {
    for (const rows of [...LENGTHS, 256, 257, 1000]) {
      const sums = normals(rows, rows).map((value) => value * value);
      await agree(backend, clipScale(sums, 0.3), scaleBound(rows));
    }
  },

  "clipScale is no number where a norm is not finite": async (backend) => {
    for (const bad of [NaN, Infinity]) {
      await yields(backend, clipScale([1, bad, 2, 3, 4], 1), [[NaN]], exact);
    }
  },
};
