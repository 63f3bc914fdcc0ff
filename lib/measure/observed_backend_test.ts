import assert from "node:assert/strict";
import { createBackend } from "../backends/mod.ts";
import { observe } from "./observed_backend.ts";

Deno.test("the memory that is asked for is counted, at its highest", async () => {
  using inner = await createBackend({ backend: "reference" });
  const { backend, peakBytes } = observe(inner);
  const matrix = backend.allocate(10, 5); // 200 bytes
  const bytes = backend.allocateBytes(7, 3); // 21
  backend.view(matrix, 0, 5);
  assert.equal(peakBytes(), 221);
  backend.release(matrix);
  backend.allocateOrder(10); // 40
  assert.equal(peakBytes(), 221);
  backend.release(bytes);
  backend.allocate(100, 1); // 400
  assert.equal(peakBytes(), 440);
});

Deno.test("kernels are remembered with their shapes and work, and can be run again", async () => {
  using inner = await createBackend({ backend: "reference" });
  const { backend, record } = observe(inner);
  const [a, b, c] = [backend.allocate(3, 2), backend.allocate(3, 4), backend.allocate(2, 4)];
  const [sums, b4, d] = [backend.allocate(1, 4), backend.allocate(2, 4), backend.allocate(2, 4)];
  backend.activation("relu", c, c);
  const calls = record(() => {
    backend.write(a, Float32Array.of(1, 2, 3, 4, 5, 6));
    backend.gemm(c, a, b, { transposeA: true });
    backend.columnSums(sums, c);
    backend.activation("relu", c, c);
    backend.activationGradient("tanh", c, c, b4);
    backend.update("sgd", c, [b4], d, { learningRate: 0, l1: 0, l2: 0 });
  });
  assert.deepEqual(calls.map(({ kernel, shape, flops }) => [kernel, shape, flops]), [
    ["gemm", "2x3x4 At", 48],
    ["columnSums", "2x4", null],
    ["relu", "2x4", null],
    ["tanh gradient", "2x4", null],
    ["sgd", "2x4", null],
  ]);
  backend.write(b, new Float32Array(12).fill(1));
  for (const { run } of calls) run();
  assert.deepEqual([...await backend.read(c)], [9, 9, 9, 9, 12, 12, 12, 12]);
  assert.deepEqual([...await backend.read(sums)], [21, 21, 21, 21]);
});
