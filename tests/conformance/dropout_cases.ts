/** Dropout: which elements it drops is decided by integers, so it is the same on every back end. */
import assert from "node:assert/strict";
import { agree, type Program, run, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { exact, relative, U } from "./tolerance.ts";
import { LENGTHS, normals } from "./values.ts";

function dropout(
  rows: number,
  columns: number,
  x: ArrayLike<number>,
  rate: number,
  [keyA, keyB]: readonly [number, number],
): Program {
  return (rig) => {
    const y = rig.output(rows, columns);
    const inPlace = rig.matrix(rows, columns, x);
    rig.backend.dropout(y, rig.matrix(rows, columns, x), rate, keyA, keyB);
    rig.backend.dropout(inPlace, inPlace, rate, keyA, keyB);
    return [y, inPlace];
  };
}

export const dropoutCases: Cases = {
  "dropout is as by hand, by MurmurHash3's finaliser": async (backend) => {
    // With keys of 0 the hashes of 0 to 4 are mix(mix(n)): 0 of 0, and of mix(1) = 0x514e28b7 and so on, computed apart.
    const hashes = [0, 0x2fef5c8f, 0xb5d455e1, 0xe98cf7e2, 0xe87b3cc3];
    const x = [1, 2, 3, 4, 5];
    for (const rate of [0, 0.25, 0.5, 0.75, 0.875]) {
      const y = x.map((value, n) => hashes[n] / 2 ** 32 < rate ? 0 : value / (1 - rate));
      await yields(backend, dropout(1, 5, x, rate, [0, 0]), [y, y], relative(U), relative(U));
    }
  },

  "dropout drops the same elements as the reference, whatever the shape, also in place": async (
    backend,
  ) => {
    // The scale is rounded, and its product; the reference rounds once.
    const bound = relative(3 * U);
    for (const columns of LENGTHS) {
      for (const rows of [1, 2, 5, 37]) {
        const x = normals(rows * columns, columns);
        const keys = [0x9e3779b9 * rows >>> 0, 0xffffffff - columns] as const;
        await agree(backend, dropout(rows, columns, x, 0.3, keys), bound, bound);
      }
    }
    const x = normals(300 * 100, 1);
    await agree(backend, dropout(300, 100, x, 0.999, [1, 2]), bound, bound);
  },

  "dropout at a rate of 0 changes nothing": async (backend) => {
    const x = normals(37, 1);
    await yields(backend, dropout(1, 37, x, 0, [3, 4]), [x, x], exact, exact);
  },

  "dropout drops its share of elements, whatever the keys, and others with other keys": async (
    backend,
  ) => {
    const [rows, columns] = [100, 100];
    const ones = new Float32Array(rows * columns).fill(1);
    const kept = async (rate: number, keys: readonly [number, number]) =>
      (await run(backend, dropout(rows, columns, ones, rate, keys)))[0].map((y) => +(y !== 0));
    const count = (values: Float32Array) => values.reduce((a, b) => a + b, 0);
    for (const rate of [0.1, 0.5, 0.9]) {
      const masks = [];
      for (const keys of [[0, 0], [0, 1], [1, 0], [0x80000000, 0xffffffff]] as const) {
        masks.push(await kept(rate, keys));
      }
      // Five standard deviations of a binomial distribution.
      const near = (actual: number, p: number, n: number) =>
        assert(Math.abs(actual - p * n) <= 5 * Math.sqrt(p * (1 - p) * n), `${actual} of ${n}`);
      const p = 1 - rate;
      for (const mask of masks) {
        near(count(mask), p, mask.length);
        // Neighbours in a row and in a column, and the same element under other keys, are kept independently.
        near(count(mask.map((value, i) => value * mask[i + 1] || 0)), p * p, mask.length);
        near(count(mask.map((value, i) => value * mask[i + columns] || 0)), p * p, mask.length);
        for (const other of masks) {
          if (other !== mask) near(count(mask.map((value, i) => value * other[i])), p * p, 10000);
        }
      }
    }
  },
};
