/** Buffers: what they hold at first, views, copies, and reuse. */
import assert from "node:assert/strict";
import type { Backend } from "../../lib/backend/mod.ts";
import type { Cases } from "./suite.ts";
import { normals } from "./values.ts";

/** More than any back end sets aside at first: 64 MiB of float32. */
const MANY = 1 << 24;

export const memoryCases: Cases = {
  "a new matrix is zero": async (backend) => {
    assert.deepEqual(await backend.read(backend.allocate(3, 5)), new Float32Array(15));
  },

  "what is written is read, bit for bit": async (backend) => {
    const values = new Float32Array([0, -0, 1e-45, -3.4e38, Infinity, -Infinity, NaN, 0.1]);
    const matrix = backend.allocate(2, 4);
    backend.write(matrix, values);
    assert.deepEqual(await backend.read(matrix), values);
    assert.deepEqual([matrix.rows, matrix.columns], [2, 4]);
  },

  "write and read copy": async (backend) => {
    const matrix = backend.allocate(1, 3);
    const values = new Float32Array([1, 2, 3]);
    backend.write(matrix, values);
    values.fill(9);
    const first = await backend.read(matrix);
    assert.deepEqual([...first], [1, 2, 3]);
    first.fill(8);
    assert.deepEqual([...await backend.read(matrix)], [1, 2, 3]);
  },

  "calls take effect in order: a read sees what came before it, and nothing after": async (
    backend,
  ) => {
    const matrix = backend.allocate(1, 2);
    const bias = backend.allocate(1, 2);
    backend.write(bias, new Float32Array([1, 10]));
    backend.addBias(matrix, matrix, bias);
    const before = backend.read(matrix);
    backend.addBias(matrix, matrix, bias);
    const after = backend.read(matrix);
    assert.deepEqual([...await before], [1, 10]);
    assert.deepEqual([...await after], [2, 20]);
  },

  "a view shares its matrix's memory, a view of a view too": async (backend) => {
    const matrix = backend.allocate(5, 3);
    backend.write(matrix, Float32Array.from({ length: 15 }, (_, i) => i));
    const rows = backend.view(matrix, 1, 3);
    const row = backend.view(rows, 1, 1);
    assert.deepEqual([rows.rows, rows.columns, row.rows, row.columns], [3, 3, 1, 3]);
    assert.deepEqual([...await backend.read(row)], [6, 7, 8]);
    backend.write(row, new Float32Array([-1, -2, -3]));
    const expected = [0, 1, 2, 3, 4, 5, -1, -2, -3, 9, 10, 11, 12, 13, 14];
    assert.deepEqual([...await backend.read(matrix)], expected);
  },

  "a byte matrix is written, viewed and read like any other": async (backend) => {
    const matrix = backend.allocateBytes(5, 3);
    assert.deepEqual(await backend.read(matrix), new Uint8Array(15));
    backend.write(matrix, Uint8Array.from({ length: 15 }, (_, i) => i));
    const row = backend.view(backend.view(matrix, 1, 3), 1, 1);
    assert.deepEqual([row.element, row.rows, row.columns], ["uint8", 1, 3]);
    assert.deepEqual(await backend.read(row), new Uint8Array([6, 7, 8]));
    backend.write(row, new Uint8Array([255, 254, 253]));
    const expected = [0, 1, 2, 3, 4, 5, 255, 254, 253, 9, 10, 11, 12, 13, 14];
    assert.deepEqual([...await backend.read(matrix)], expected);
  },

  "what was written is a copy, orders too": async (backend) => {
    const bytes = new Uint8Array([1, 2, 3, 4]);
    const rows = new Uint32Array([1, 0]);
    const data = backend.allocateBytes(2, 2);
    backend.write(data, bytes);
    const order = backend.allocateOrder(2);
    backend.writeOrder(order, rows);
    bytes.fill(9);
    rows.fill(9);
    const x = backend.allocateBytes(2, 2);
    backend.gather(x, data, order, 0);
    assert.deepEqual([...await backend.read(x)], [3, 4, 1, 2]);
    assert.equal(order.length, 2);
  },

  "a new order is zero": async (backend) => {
    const data = backend.allocateBytes(2, 1);
    backend.write(data, new Uint8Array([7, 8]));
    const x = backend.allocateBytes(3, 1);
    backend.gather(x, data, backend.allocateOrder(3), 0);
    assert.deepEqual([...await backend.read(x)], [7, 7, 7]);
  },

  "memory that was released comes back as zeros, and its neighbors are left alone": async (
    backend,
  ) => {
    const values = normals(1000, 1);
    const [before, freed, after] = [0, 1, 2].map(() => {
      const matrix = backend.allocate(10, 100);
      backend.write(matrix, values);
      return matrix;
    });
    backend.release(freed);
    const [first, second] = [backend.allocate(4, 100), backend.allocate(6, 100)];
    assert.deepEqual(await backend.read(first), new Float32Array(400));
    assert.deepEqual(await backend.read(second), new Float32Array(600));
    assert.deepEqual(await backend.read(before), values);
    assert.deepEqual(await backend.read(after), values);
  },

  "matrices keep their contents while memory grows, and are computed with as before": async (
    backend,
  ) => {
    const [x, bias] = [backend.allocate(2, 2), backend.allocate(1, 2)];
    backend.write(x, new Float32Array([1, 2, 3, 4]));
    backend.write(bias, new Float32Array([10, 20]));
    const view = backend.view(x, 1, 1);
    const large = backend.allocate(MANY / 16, 16);
    const last = backend.view(large, MANY / 16 - 1, 1);
    assert.deepEqual(await backend.read(last), new Float32Array(16));
    backend.addBias(x, x, bias);
    assert.deepEqual([...await backend.read(x)], [11, 22, 13, 24]);
    assert.deepEqual([...await backend.read(view)], [13, 24]);
    backend.release(large);
  },
};

/**
 * For back ends with memory of their own; the reference leaves its to the garbage collector. Each
 * check is given a back end for itself, and ends it.
 */
export const ownershipCases: Cases = {
  "a buffer is released once, and a view not at all": (backend) => {
    const make = [
      () => backend.allocate(2, 3),
      () => backend.allocateBytes(2, 3),
      () => backend.allocateOrder(2),
    ];
    for (const allocate of make) {
      const buffer = allocate();
      backend.release(buffer);
      // It may well lie where the other did.
      const next = allocate();
      assert.throws(() => backend.release(buffer), /^Error: Cannot release a buffer twice/);
      backend.release(next);
    }
    const view = backend.view(backend.allocate(2, 3), 0, 1);
    assert.throws(() => backend.release(view), /^Error: Cannot release a view/);
    return Promise.resolve();
  },

  "after it is disposed of, a back end is used no more, but lets go of buffers": async (
    backend,
  ) => {
    const [x, bytes] = [backend.allocate(1, 2), backend.allocateBytes(1, 2)];
    const order = backend.allocateOrder(1);
    backend[Symbol.dispose]();
    const calls: ((backend: Backend) => unknown)[] = [
      () => backend.allocate(1, 2),
      () => backend.allocateBytes(1, 2),
      () => backend.allocateOrder(1),
      () => backend.write(x, new Float32Array(2)),
      () => backend.write(bytes, new Uint8Array(2)),
      () => backend.writeOrder(order, new Uint32Array(1)),
      () => backend.read(x),
      () => backend.read(bytes),
      () => backend.settle(),
      () => backend.activation("relu", x, x),
    ];
    const message = /^Cannot compute on a back end that has been disposed of/;
    for (const call of calls) {
      // Calls that wait are rejected, the others throw.
      await assert.rejects(async () => await call(backend), { name: "WeftError", message });
    }
    for (const buffer of [x, x, bytes, order]) backend.release(buffer);
  },
};
