/**
 * The matrix product. Glossary: C is M x N, op(A) is M x K, op(B) is K x N; a step is one of the K
 * products that an element of C adds up.
 */
import assert from "node:assert/strict";
import type { GemmOptions } from "../../lib/backend/mod.ts";
import { agree, type Program, run, runReference, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { exact, sumBound } from "./tolerance.ts";
import { normals, wholeNumbers } from "./values.ts";

type Size = readonly [m: number, n: number, k: number];
/** A of bytes is passed as such. */
type Operands = readonly [c: Float32Array, a: Float32Array | Uint8Array, b: Float32Array];

const FLAGS = [false, true];
const OPTIONS: readonly GemmOptions[] = FLAGS.flatMap((transposeA) =>
  FLAGS.flatMap((transposeB) => FLAGS.map((accumulate) => ({ transposeA, transposeB, accumulate })))
);

/** Primes, so that no unrolled loop comes out even. */
const DEPTHS = [1, 2, 3, 5, 7, 13];

function product([m, n, k]: Size, [c, a, b]: Operands, options: GemmOptions): Program {
  return (rig) => {
    const { transposeA, transposeB, accumulate } = options;
    const [rows, columns] = transposeA ? [k, m] : [m, k];
    const left = a instanceof Uint8Array
      ? rig.bytes(rows, columns, a)
      : rig.matrix(rows, columns, a);
    const right = transposeB ? rig.matrix(n, k, b) : rig.matrix(k, n, b);
    const out = accumulate ? rig.matrix(m, n, c) : rig.output(m, n);
    rig.backend.gemm(out, left, right, options);
    return [out];
  };
}

/**
 * Whole numbers from -4 to 4: their products and sums are exact in float32 in any order, so that a
 * term which is lost or counted twice cannot hide in a tolerance.
 */
function wholeOperands([m, n, k]: Size): Operands {
  const draw = (count: number, seed: number) => wholeNumbers(count, seed, 9).map((x) => x - 4);
  return [draw(m * n, 1), draw(m * k, 2), draw(k * n, 3)];
}

/** The same with bytes for A, many of them zero. */
function byteOperands(size: Size): Operands {
  const [c, a, b] = wholeOperands(size);
  return [c, Uint8Array.from(a, (value) => Math.max(value, 0)), b];
}

function normalOperands([m, n, k]: Size): Operands {
  return [normals(m * n, 1), normals(m * k, 2), normals(k * n, 3)];
}

/** Zeroes whole steps of A, whose every row (a column, where transposed) then has a zero there. */
function withZeroSteps(
  a: Float32Array | Uint8Array,
  [m, , k]: Size,
  transposed: boolean | undefined,
  isZero: (step: number) => boolean,
): Float32Array | Uint8Array {
  const stepOf = (i: number) => transposed ? Math.floor(i / m) : i % k;
  return a.map((value, i) => isZero(stepOf(i)) ? 0 : value);
}

/** The sum over |a| |b| (and |c|) that bounds the rounding of each element. */
async function magnitudes(size: Size, operands: Operands, options: GemmOptions) {
  const [c, a, b] = operands.map((values) => Float32Array.from(values, Math.abs));
  const [sums] = await runReference(product(size, [c, a, b], options));
  return sums;
}

export const gemmCases: Cases = {
  "gemm multiplies two small matrices as by hand": async (backend) => {
    const operands: Operands = [
      new Float32Array([100, 200, 300, 400]),
      new Float32Array([1, 2, 3, 4, 5, 6]),
      new Float32Array([7, 8, 9, 10, 11, 12]),
    ];
    // [1 2 3; 4 5 6] [7 8; 9 10; 11 12], then each operand as the transpose of what it is stored
    // as.
    const results: readonly [GemmOptions, number[]][] = [
      [{}, [58, 64, 139, 154]],
      [{ accumulate: true }, [158, 264, 439, 554]],
      [{ transposeA: true }, [89, 98, 116, 128]],
      [{ transposeB: true }, [50, 68, 122, 167]],
      [{ transposeA: true, transposeB: true }, [76, 103, 100, 136]],
    ];
    for (const [options, expected] of results) {
      await yields(backend, product([2, 2, 3], operands, options), [expected], exact);
    }
  },

  "gemm is exact on whole numbers at every edge size": async (backend) => {
    for (let m = 1; m <= 7; m++) {
      for (let n = 1; n <= 9; n++) {
        for (const k of DEPTHS) {
          const operands = wholeOperands([m, n, k]);
          for (const options of OPTIONS) {
            await agree(backend, product([m, n, k], operands, options), exact);
          }
        }
      }
    }
  },

  "gemm takes bytes for the numbers that they are, at every edge size": async (backend) => {
    // Rows of bytes are read by sixteen, columns by eight, steps by four.
    const sizes: Size[] = [[6, 8, 16], [13, 9, 37], [12, 20, 33], [8, 4, 64], [73, 5, 530]];
    for (let m = 1; m <= 9; m++) for (const k of DEPTHS) sizes.push([m, m, k]);
    for (const size of sizes) {
      for (const options of OPTIONS) {
        await agree(backend, product(size, byteOperands(size), options), exact);
      }
    }
    const [c, , b] = wholeOperands([1, 1, 256]);
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    await agree(backend, product([1, 1, 256], [c, bytes, b], {}), exact);
  },

  "gemm multiplies the product by alpha, and nothing else": async (backend) => {
    // Powers of two, which are exact.
    for (const size of [[2, 2, 3], [7, 13, 5], [13, 9, 37], [9, 12, 600]] as const) {
      for (const operands of [wholeOperands(size), byteOperands(size)]) {
        for (const options of OPTIONS) {
          for (const alpha of [0.25, -2, 0]) {
            await agree(backend, product(size, operands, { ...options, alpha }), exact);
          }
        }
      }
    }
  },

  "gemm does not round alpha before it is used": async (backend) => {
    // One product an element, rounded by 2^-24 at most and to either side; 1 / 255 as a float32 is too large by 2^-24.
    const b = normals(4096, 5).map(Math.abs);
    const size: Size = [1, b.length, 1];
    const operands: Operands = [new Float32Array(b.length), Uint8Array.of(1), b];
    const [c] = await run(backend, product(size, operands, { alpha: 1 / 255 }));
    const errors = Array.from(c, (value, i) => value / (b[i] / 255) - 1);
    const mean = errors.reduce((sum, error) => sum + error) / errors.length;
    assert(Math.abs(mean) < 2 ** -27, `off by ${mean} on average`);
  },

  "gemm of infinities times alpha is infinite": async (backend) => {
    for (const alpha of [1 / 255, -1 / 255, 0.5]) {
      const b = new Float32Array([Infinity, -Infinity, 1, NaN]);
      const program = product([1, 4, 1], [b, Uint8Array.of(1), b], { alpha });
      await agree(backend, program, () => 2 ** -24);
    }
  },

  "gemm is exact on whole numbers across the borders of its blocks": async (backend) => {
    // Blocks are 72 rows, 1024 columns and 512 steps.
    const sizes: readonly Size[] = [[73, 9, 5], [7, 1025, 7], [3, 10, 513], [76, 1030, 520]];
    for (const size of sizes) {
      const operands = wholeOperands(size);
      for (const [i, options] of OPTIONS.entries()) {
        // The last size is slow for the reference: each transposition, but not every combination.
        if (size[0] * size[1] * size[2] > 1e6 && ![2, 5].includes(i)) continue;
        await agree(backend, product(size, operands, options), exact);
      }
    }
  },

  "gemm rounds no more than K additions and products may": async (backend) => {
    const sizes: readonly Size[] = [[1, 1, 1], [6, 8, 5], [7, 9, 13], [37, 10, 333], [9, 7, 1100]];
    for (const size of sizes) {
      const operands = normalOperands(size);
      for (const options of OPTIONS) {
        const bound = sumBound(size[2], await magnitudes(size, operands, options));
        await agree(backend, product(size, operands, options), bound);
      }
    }
  },

  "gemm is exact where steps of the first operand are zero": async (backend) => {
    const random = wholeNumbers(600, 4, 3);
    const patterns: ((step: number) => boolean)[] = [
      (step) => random[step] > 0,
      (step) => step % 2 === 0,
      (step) => step > 0,
      (step) => step < 599,
      () => true,
    ];
    for (
      const size of [[7, 9, 13], [6, 8, 7], [37, 10, 100], [3, 17, 600], [12, 8, 600]] as const
    ) {
      for (const [c, a, b] of [wholeOperands(size), byteOperands(size)]) {
        for (const options of OPTIONS) {
          for (const isZero of patterns) {
            const sparse = withZeroSteps(a, size, options.transposeA, isZero);
            await agree(backend, product(size, [c, sparse, b], options), exact);
          }
        }
      }
    }
  },

  "gemm of zeros of either sign is zero": async (backend) => {
    const size: Size = [5, 9, 7];
    const [c, a, b] = normalOperands(size);
    const zeros = Float32Array.from(a, (_, i) => i % 2 ? -0 : 0);
    await yields(backend, product(size, [c, zeros, b], {}), [c.map(() => 0)], exact);
    await yields(backend, product(size, [c, zeros, b], { accumulate: true }), [c], exact);
  },

  "gemm carries infinities and NaN from both operands to the elements that they belong to": async (
    backend,
  ) => {
    const size: Size = [6, 11, 9];
    const a = normals(size[0] * size[2], 2);
    const b = normals(size[2] * size[1], 3);
    const bound = sumBound(size[2], await magnitudes(size, normalOperands(size), {}));
    for (const special of [Infinity, -Infinity, NaN]) {
      for (const at of [0, 17, 53]) {
        const tainted = (values: Float32Array) => values.map((x, i) => i === at ? special : x);
        await agree(backend, product(size, [a, tainted(a), b], {}), bound);
        await agree(backend, product(size, [a, a, tainted(b)], {}), bound);
        // Zero times infinity is not a number.
        const zeros = new Float32Array(a.length);
        await agree(backend, product(size, [a, zeros, tainted(b)], {}), exact);
      }
    }
  },

  "gemm meets zero times infinity in whatever block of steps it is": async (backend) => {
    const size: Size = [5, 9, 1100];
    const [c, a, b] = wholeOperands(size);
    for (const step of [0, 400, 800, 1099]) {
      const sparse = withZeroSteps(a, size, false, (k) => k % 3 === 0 || k === step);
      const tainted = b.map((value, i) => i === step * 9 + 4 ? Infinity : value);
      await agree(backend, product(size, [c, sparse, tainted], {}), exact);
    }
  },

  "a column of gemm has the same bits whatever the other columns hold": async (backend) => {
    const [m, n, k] = [6, 9, 40];
    const [c, a, b] = normalOperands([m, n, k]);
    const sparse = withZeroSteps(a, [m, n, k], false, (step) => step % 2 === 0);
    const tainted = b.map((value, i) => i % n === 4 ? NaN : value);
    const [clean] = await run(backend, product([m, n, k], [c, sparse, b], {}));
    const [beside] = await run(backend, product([m, n, k], [c, sparse, tainted], {}));
    assert.deepEqual(beside, clean.map((value, i) => i % n === 4 ? NaN : value));
  },
};
