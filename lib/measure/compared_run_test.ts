import assert from "node:assert/strict";
import { samplesOf } from "../dataset/samples.ts";
import { resolveConfig } from "../config/resolve.ts";
import { networkFor } from "../train/run_network.ts";
import { compareBackends } from "./compare_backends.ts";
import { comparedRun } from "./compared_run.ts";
import { type MeasurementBudget, QUICK } from "./budget.ts";

/** 40 images of 2 x 3 pixels, of two classes: 32 to train on. */
const images = {
  rows: 40,
  height: 2,
  width: 3,
  pixels: Uint8Array.from({ length: 240 }, (_, i) => i * 37 % 256),
  labels: Uint8Array.from({ length: 40 }, (_, i) => i % 2),
};
const CLASSES = ["dark", "bright"];

/** A few steps of everything. */
const BUDGET: MeasurementBudget = {
  ...QUICK,
  rounds: 1,
  warmUpMs: 1,
  stepMs: 1,
  kernelWarmUpMs: 1,
  kernelMs: 1,
  pointWarmUpMs: 1,
  pointMs: 1,
  batches: [64],
  widths: [4],
};

Deno.test("a batch larger than the data is the training rows wherever a step is measured", async () => {
  const config = resolveConfig({ hidden: [5], batchSize: 2 ** 40, epochs: 1 });
  const run = comparedRun(images, CLASSES, config);
  assert.deepEqual([run.config.batchSize, run.compared.batchSize], [32, 32]);
  const { status, check, contenders, curves } = await compareBackends({
    run,
    plans: [{
      label: "wasm",
      backend: "wasm",
      threads: 1,
      simd: "strict",
      adapter: null,
      software: false,
      options: { backend: "wasm", threads: 1, simd: "strict" },
    }],
    budget: BUDGET,
    signal: new AbortController().signal,
  });
  assert.deepEqual([status, contenders[0].error], ["completed", undefined]);
  assert.deepEqual(check, { steps: BUDGET.checkSteps, batchSize: 32 });
  // On the batch axis, rows come more than once.
  for (const [axis, at, hidden, rows] of [["batch", 64, 5, 64], ["width", 4, 4, 32]] as const) {
    const [point] = curves.find((curve) => curve.axis === axis)!.points;
    const flops = networkFor(samplesOf(images), { ...config, hidden: [hidden] }, 2).network
      .flopsOfStep(rows);
    assert.equal(point.at, at);
    assert(Math.abs(point.gflops! / (flops / point.time.medianMs! / 1e6) - 1) < 1e-9, axis);
  }
});

Deno.test("a network that cannot be trained cannot be compared", () => {
  const config = resolveConfig({ hidden: [65536, 65536] });
  assert.throws(() => comparedRun(images, CLASSES, config), {
    name: "UsageError",
    message: /parameters: at most \d+ are possible/,
  });
});
