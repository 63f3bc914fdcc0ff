import assert from "node:assert/strict";
import { samplesOf } from "../dataset/samples.ts";
import { createBackend } from "../backends/mod.ts";
import { checkSteps, differences, planCheck, type StepResults } from "./differences.ts";
import { resolveConfig } from "../config/resolve.ts";
import { networkFor } from "../train/run_network.ts";

/** 40 images of 2 x 3 pixels, of two classes. */
const images = {
  rows: 40,
  height: 2,
  width: 3,
  pixels: Uint8Array.from({ length: 240 }, (_, i) => i * 37 % 256),
  labels: Uint8Array.from({ length: 40 }, (_, i) => i % 2),
};
const config = resolveConfig({ hidden: [5], batchSize: 8 });

function results(losses: number[], weights: number[]): StepResults {
  const tensors = new Map([["layers.0.weight", Float32Array.from(weights)]]);
  return { losses: Float32Array.from(losses), tensors };
}

Deno.test("differences are the largest, of losses and of weights", () => {
  const found = differences(results([1, 2, 3], [1, 1]), results([1, 2.5, 2.75], [1, -1]));
  assert.deepEqual(found, { loss: 0.5, weight: 2 });
});

Deno.test("a number that is not finite on one side only is no small difference", () => {
  const { loss, weight } = differences(results([NaN, 1], [1]), results([1, 1], [Infinity]));
  assert(Number.isNaN(loss));
  assert.equal(weight, Infinity);
  assert.deepEqual(differences(results([NaN], [1]), results([NaN], [1])), { loss: 0, weight: 0 });
});

Deno.test("a network that the reference is slow with is checked with smaller batches", () => {
  const whole = planCheck(images, config, 2, 4, 1e9);
  assert.equal(whole.config.batchSize, 8);
  assert.equal(whole.images.rows, 32);
  const rowFlops = networkFor(samplesOf(images), config, 2).network.flopsOfStep(1);
  const small = planCheck(images, config, 2, 4, 4 * 3 * rowFlops);
  assert.equal(small.config.batchSize, 3);
  assert.equal(planCheck(images, config, 2, 4, 1).config.batchSize, 1);
  const many = resolveConfig({ hidden: [5], batchSize: 1000 });
  assert.equal(planCheck(images, many, 2, 4, 1e9).config.batchSize, 40);
});

Deno.test("the kernels of WebAssembly take the reference's steps, to a few roundings", async () => {
  const plan = planCheck(images, config, 2, 5, 1e9);
  using reference = await createBackend({ backend: "reference" });
  using wasm = await createBackend({ backend: "wasm", threads: 1 });
  const expected = await checkSteps(reference, plan);
  assert.equal(expected.losses.length, 40);
  const { loss, weight } = differences(await checkSteps(wasm, plan), expected);
  // Losses below 8 nats and weights below 4, some ten roundings of 2^-24 of them a step.
  assert(loss > 0 && loss < 5 * 10 * 8 * 2 ** -24, String(loss));
  assert(weight < 5 * 10 * 4 * 2 ** -24, String(weight));
});
