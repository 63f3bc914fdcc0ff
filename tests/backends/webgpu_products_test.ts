/** Products on WebGPU: every tiling, chunks, what they take along, and the same bits every time. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Backend, Matrix } from "../../lib/backend/mod.ts";
import { checked } from "../../lib/backend/checked.ts";
import { createWebGpu } from "../../lib/backends/webgpu/webgpu_backend.ts";
import { planGemm, TILINGS } from "../../lib/backends/webgpu/shaders/gemm_tiling.ts";
import { ACTIVATIONS } from "../../lib/nn/activations.ts";
import { NO_ADAPTER, shared } from "./adapter.ts";
import { testUnless } from "../support/cli.ts";
import { gemmCases } from "../conformance/gemm_cases.ts";
import { agree, type Program, run } from "../conformance/rig.ts";
import { exact } from "../conformance/tolerance.ts";
import { normals, wholeNumbers } from "../conformance/values.ts";

/** Whole numbers, whose sums are exact. */
function whole(count: number, seed: number): Float32Array<ArrayBuffer> {
  return wholeNumbers(count, seed, 9).map((value) => value - 4);
}

Deno.test("a product is cut into the largest tiles of which there are enough, or into chunks", () => {
  const large = planGemm(4096, 4096, 4096);
  assert.deepEqual([TILINGS[large.tiling].size, large.chunks], [128, 1]);
  const layer = planGemm(256, 100, 784);
  assert.deepEqual([TILINGS[layer.tiling].size, layer.chunks], [32, 1]);
  const deep = planGemm(10, 20, 60_000);
  assert(deep.chunks > 1 && deep.chunks * deep.chunkSteps >= 60_000);
  assert((deep.chunks - 1) * deep.chunkSteps < 60_000);
});

Deno.test("the sums of all chunks take no more memory than the larger operand", () => {
  const extents = fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 10_000 }));
  const property = fc.property(extents, extents, fc.nat(1_000_000), (m, n, steps) => {
    const k = steps + 1;
    const { chunks } = planGemm(m, n, k);
    if (chunks === 1) return; // Sums go to C itself.
    const rowBytes = Math.ceil(n / 4) * 16;
    assert(chunks * m * rowBytes <= Math.max(m * k, k * rowBytes)); // A may be bytes.
  });
  fc.assert(property, { numRuns: 5000, seed: 42 });
});

/** GPUs multiply through tiles, adapters in software do not; here all do. */
async function makeWithTiles(): Promise<Backend> {
  return checked(await createWebGpu({ tiles: true }));
}

const withTiles = shared(makeWithTiles);

for (const [sentence, check] of Object.entries(gemmCases)) {
  testUnless(NO_ADAPTER, `webgpu, in tiles: ${sentence}`, async () => {
    using backend = await withTiles();
    await check(backend);
  });
}

/** One of each tiling with every edge, and one of chunks. */
const SIZES = {
  "large tiles": [16 * 128 - 3, 7 * 128 + 5, 17],
  "medium tiles": [16 * 64 - 3, 7 * 64 + 5, 33],
  chunks: [37, 10, 5003],
} as const;

for (const [name, [m, n, k]] of Object.entries(SIZES)) {
  testUnless(NO_ADAPTER, `a product in ${name} is exact on whole numbers`, async () => {
    using backend = await withTiles();
    for (const [transposeA, transposeB, bytes] of [[false, false, true], [true, true, false]]) {
      const a = bytes ? whole(m * k, 1).map(Math.abs) : whole(m * k, 1);
      const [shapeA, shapeB] = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
      const program: Program = (rig) => {
        const c = rig.matrix(m, n, whole(m * n, 3));
        const left = bytes
          ? rig.bytes(shapeA[0], shapeA[1], a)
          : rig.matrix(shapeA[0], shapeA[1], a);
        const right = rig.matrix(shapeB[0], shapeB[1], whole(k * n, 2));
        rig.backend.gemm(c, left, right, { transposeA, transposeB, accumulate: true, alpha: 0.5 });
        return [c];
      };
      await agree(backend, program, exact);
    }
  });
}

/** A product, then what is done with it; `apart` reads in between, so that nothing is taken along. */
async function layer(
  backend: Backend,
  [m, n, k]: readonly number[],
  apart: boolean,
  then: (
    backend: Backend,
    c: Matrix,
    other: Matrix,
    pause: () => Promise<unknown>,
  ) => Promise<void>,
): Promise<Float32Array> {
  const [c, a, b, other] = [[m, n], [m, k], [k, n], [m, n]].map(([rows, columns], seed) => {
    const matrix = backend.allocate(rows, columns);
    backend.write(matrix, normals(rows * columns, seed));
    return matrix;
  });
  const pause = () => apart ? backend.read(c) : Promise.resolve();
  backend.gemm(c, a, b);
  await pause();
  await then(backend, c, other, pause);
  return await backend.read(c);
}

for (const size of [[37, 10, 20], [5, 6, 3000]]) {
  testUnless(
    NO_ADAPTER,
    `what a product of ${size.join(" x ")} takes along has the bits of separate kernels`,
    async () => {
      using backend = await withTiles();
      for (const activation of ACTIVATIONS) {
        const both = (then: Parameters<typeof layer>[3]) =>
          Promise.all([true, false].map((apart) => layer(backend, size, apart, then)));
        const [apart, along] = await both(async (backend, c, other, pause) => {
          backend.addBias(c, c, backend.view(other, 1, 1));
          await pause();
          backend.activation(activation, c, c);
        });
        assert.deepEqual(along, apart);
        const [gradientApart, gradientAlong] = await both((backend, c, other) => {
          backend.activationGradient(activation, c, c, other);
          return Promise.resolve();
        });
        assert.deepEqual(gradientAlong, gradientApart);
      }
    },
  );
}

testUnless(NO_ADAPTER, "a kernel may read other rows of the matrix that it writes", async () => {
  using backend = await withTiles();
  const matrix = backend.allocate(6, 2);
  backend.write(matrix, Float32Array.from({ length: 12 }, (_, i) => i + 1));
  const rows = (first: number) => backend.view(matrix, first, 2);
  backend.gemm(rows(0), rows(2), rows(4));
  // [5 6; 7 8] [9 10; 11 12]
  assert.deepEqual([...await backend.read(rows(0))], [111, 122, 151, 166]);
  backend.addBias(rows(4), rows(2), backend.view(matrix, 1, 1));
  // [5 6; 7 8] + [151 166]
  assert.deepEqual([...await backend.read(rows(4))], [156, 172, 158, 174]);
  backend.activationGradient("relu", rows(4), rows(0), rows(2));
  assert.deepEqual([...await backend.read(rows(4))], [111, 122, 151, 166]);
});

testUnless(
  NO_ADAPTER,
  "an argmax and a cross-entropy of the same logits are as each alone",
  async () => {
    using backend = await withTiles();
    const [rows, columns] = [37, 10];
    const losses = (apart: boolean): Program => (rig) => {
      const [classes, loss] = [rig.output(rows + 2, 1), rig.output(rows + 2, 1)];
      const gradient = rig.output(rows, columns);
      const logits = rig.matrix(rows, columns, normals(rows * columns, 1, 3));
      const labels = rig.bytes(rows, 1, wholeNumbers(rows, 2, columns));
      const order = rig.order([...wholeNumbers(rows + 2, 3, rows)]);
      const sums = rig.output(1, columns);
      if (!apart) rig.backend.columnSums(sums, logits);
      rig.backend.argmax(classes, logits, 1);
      if (apart) rig.backend.columnSums(sums, logits);
      rig.backend.softmaxCrossEntropy(gradient, loss, logits, labels, order, 1);
      return [classes, loss, gradient, sums];
    };
    assert.deepEqual(await run(backend, losses(false)), await run(backend, losses(true)));
  },
);

testUnless(NO_ADAPTER, "the same calls give the same bits, on another device, too", async () => {
  const program: Program = (rig) => {
    const outputs = [[37, 10, 333], [5, 7, 5003], [300, 300, 40]].map(([m, n, k]) => {
      const c = rig.output(m, n);
      rig.backend.gemm(c, rig.matrix(m, k, normals(m * k, 1)), rig.matrix(k, n, normals(k * n, 2)));
      return c;
    });
    const sums = rig.output(1, 40);
    rig.backend.columnSums(sums, rig.matrix(999, 40, normals(999 * 40, 3)));
    return [...outputs, sums];
  };
  using first = await makeWithTiles();
  using second = await makeWithTiles();
  const results = [
    await run(first, program),
    await run(first, program),
    await run(second, program),
  ];
  assert.deepEqual(results[1], results[0]);
  assert.deepEqual(results[2], results[0]);
});
