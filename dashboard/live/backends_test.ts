import assert from "node:assert/strict";
import { sampleComparison } from "../../tests/samples/comparison.ts";
import { kernelRows, viewOf } from "./backends.ts";

const [point] = sampleComparison.curves[0].points;
const timed = (at: number, medianMs: number | null) => ({
  ...point,
  at,
  time: { ...point.time, medianMs },
});

Deno.test("a comparison is shown in the page's words", () => {
  const view = viewOf({
    ...sampleComparison,
    curves: [{
      axis: "batch",
      contender: "wasm",
      points: [timed(64, 2), timed(16, null), timed(64, 3), timed(0, 1)],
    }],
    crossovers: [
      { axis: "width", contender: "webgpu", overtakes: "wasm", at: 511.6, staysAhead: true },
      { axis: "width", contender: "webgpu", overtakes: "wasm", at: 3, staysAhead: false },
      { axis: "width", contender: "a", overtakes: "b", at: null, staysAhead: false },
    ],
  });
  assert.equal(view.network, "784-100-10, batches of 256");
  assert.equal(view.machine, "2 processors, linux x86_64, Deno 2.9.6");
  assert.deepEqual([...view.curves.batch[0].at], [16, 64]);
  assert.deepEqual([...view.curves.batch[0].ms], [NaN, 2]);
  assert.deepEqual(view.curves.width, []);
  assert.deepEqual(view.crossovers.width, [
    "webgpu overtakes wasm at about 512 units, and stays ahead.",
    "webgpu overtakes wasm at about 3 units, but not for good.",
    "a overtakes b nowhere in this range.",
  ]);
});

Deno.test("a kernel has a row for each shape, with those who have it", () => {
  const [wasm, webgpu] = sampleComparison.contenders;
  const rows = kernelRows([wasm, { ...webgpu, kernels: [webgpu.kernels[0]] }]);
  assert.deepEqual(rows.map(({ name, of }) => [name, [...of.keys()]]), [
    ["gemm 256x784x100", [wasm.label, webgpu.label]],
    ["sgd 784x100", [wasm.label]],
  ]);
  assert.equal(rows[0].of.get(wasm.label), wasm.kernels[0]);
});
