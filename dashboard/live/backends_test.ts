import assert from "node:assert/strict";
import fc from "fast-check";
import { kernelRows, viewOf } from "./backends.ts";

const comparison = {
  type: "comparison",
  name: "a",
  network: { layers: [784, 100, 10], batchSize: 256 },
  environment: { cpus: 2, os: "linux", arch: "x86_64", deno: "2.9.6" },
  contenders: [
    {
      label: "wasm",
      step: { medianMs: 1.5 },
      kernels: [{ kernel: "gemm", shape: "2x3x4", time: { medianMs: 0.5 }, gflops: 30 }],
    },
    { label: "webgpu", software: true, error: "The GPU was lost", kernels: [] },
  ],
  curves: [{
    axis: "batch",
    contender: "wasm",
    points: [{ at: 64, time: { medianMs: 2 } }, { at: 16, time: {} }, { at: 64, time: {} }, {
      at: 0,
    }],
  }],
  crossovers: [
    { axis: "width", contender: "webgpu", overtakes: "wasm", at: 511.6, staysAhead: true },
    { axis: "width", contender: "a", overtakes: "b", at: null },
  ],
};

Deno.test("a comparison is shown in the page's words", () => {
  const view = viewOf(comparison)!;
  assert.equal(view.network, "784-100-10, batches of 256");
  assert.equal(view.machine, "2 processors, linux x86_64, Deno 2.9.6");
  assert.deepEqual(view.contenders.map(({ stepMs, software }) => [stepMs, software]), [
    [1.5, false],
    [null, true],
  ]);
  assert.deepEqual([...view.curves.batch[0].at], [16, 64]);
  assert.deepEqual([...view.curves.batch[0].ms], [NaN, 2]);
  assert.deepEqual(view.crossovers.width, [
    "webgpu overtakes wasm at about 512 units, and stays ahead.",
    "a overtakes b nowhere in this range.",
  ]);
  const [kernel] = kernelRows(view.contenders);
  assert.deepEqual([kernel.name, kernel.of.get("wasm")?.gflops], ["gemm 2x3x4", 30]);
});

Deno.test("what is no comparison is none", () => {
  for (const value of [null, 1, "x", [], {}]) assert.equal(viewOf(value), null);
});

Deno.test("nothing that a stranger puts into any field throws", () => {
  const keys = Object.keys(comparison).filter((key) => key !== "type");
  const field = fc.constantFrom(...keys);
  fc.assert(
    fc.property(fc.dictionary(field, fc.jsonValue()), (fields) => {
      const view = viewOf({ ...comparison, ...fields });
      assert.ok(view);
      kernelRows(view.contenders);
    }),
  );
});
