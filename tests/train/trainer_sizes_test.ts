/** Training with batches and networks of unusual sizes. */
import assert from "node:assert/strict";
import { createBackend, type TrainConfig } from "../../lib/mod.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

/** 48 rows to train on, 12 to validate with. */
const IMAGES = toyImages(60, 3);
const CONFIG: Partial<TrainConfig> = { hidden: [5], batchSize: 10, epochs: 3, learningRate: 0.5 };

/**
 * Trains on WebAssembly and on the reference, which must agree in every loss; returns the former's
 * run.
 */
async function runOnBoth(config: Partial<TrainConfig>) {
  using wasm = await createBackend({ backend: "wasm" });
  using reference = await createBackend({ backend: "reference" });
  const run = await runTraining({ train: IMAGES, config, backend: wasm });
  const oracle = await runTraining({ train: IMAGES, config, backend: reference });
  run.epochs.forEach((epoch, i) => {
    for (const loss of ["trainLoss", "validationLoss"] as const) {
      const off = Math.abs(epoch[loss]! - oracle.epochs[i][loss]!);
      assert(off <= 2e-5, `${loss} of epoch ${i + 1} is off by ${off}`);
    }
  });
  assert.equal(run.end.status, "completed");
  return run;
}

Deno.test("a batch may be larger than the rows: it is all of them", async () => {
  const all = await runOnBoth({ ...CONFIG, batchSize: 48 });
  const more = await runOnBoth({ ...CONFIG, batchSize: 1_000_000 });
  assert.equal(more.start.batches, 1);
  assert.deepEqual(more.end.model, all.end.model);
});

Deno.test("the last batch may be a single row", async () => {
  const { start } = await runOnBoth({ ...CONFIG, batchSize: 47 });
  assert.equal(start.batches, 2);
});

Deno.test("every batch may be a single row", async () => {
  const { start, epochs } = await runOnBoth({ ...CONFIG, batchSize: 1, learningRate: 0.05 });
  assert.equal(start.batches, 48);
  assert(epochs[2].trainLoss < epochs[0].trainLoss);
});

Deno.test("a network without hidden layers learns", async () => {
  const { start, end } = await runOnBoth({ ...CONFIG, hidden: [], epochs: 40 });
  assert.equal(start.parameters, 6 * 3 + 3);
  assert.equal(end.model!.parameters.length, 1);
  assert.equal(end.validationAccuracy, 1);
});

Deno.test("a network of many hidden layers trains", async () => {
  const hidden = [7, 1, 6, 2, 9, 4];
  // Small steps: through so many layers larger ones would multiply the rounding, too.
  const config = { ...CONFIG, hidden, activation: "tanh" as const, learningRate: 0.02 };
  const { end, epochs } = await runOnBoth(config);
  assert(epochs[2].trainLoss < epochs[0].trainLoss);
  const shapes = end.model!.parameters.map(({ weights, bias }) => [weights.length, bias.length]);
  assert.deepEqual(shapes, [[42, 7], [7, 1], [6, 6], [12, 2], [18, 9], [36, 4], [12, 3]]);
});

Deno.test("a wide hidden layer trains, beyond one block of the product", async () => {
  await runOnBoth({ ...CONFIG, hidden: [1100], learningRate: 0.01, epochs: 1 });
});

Deno.test("a frozen output bias stays at zero, any other moves", async () => {
  const last = async (freezeOutputBias: boolean) => {
    const { end } = await runOnBoth({ ...CONFIG, freezeOutputBias });
    return end.model!.parameters.map(({ bias }) => bias.some((value) => value !== 0));
  };
  assert.deepEqual(await last(true), [true, false]);
  assert.deepEqual(await last(false), [true, true]);
});

Deno.test("two classes and two rows of each in either part are enough", async () => {
  const { end, start } = await runTraining({ train: toyImages(10, 2), config: CONFIG });
  assert.deepEqual([start.trainRows, start.validationRows], [8, 2]);
  assert.equal(end.status, "completed");
});
