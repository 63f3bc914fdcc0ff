/** Steps of networks with convolutions allocate nothing: what kernels need besides, they have after the first. */
import assert from "node:assert/strict";
import { createBackend, resolveConfig } from "../../lib/mod.ts";
import { planSteps, RunSteps } from "../../lib/measure/run_steps.ts";
import { toyImages } from "../support/toy_images.ts";

const MEGABYTE = 2 ** 20;

Deno.test("a thousand steps with convolutions take no more memory than the first ones", async () => {
  const made = await createBackend({ backend: "wasm", threads: 2 });
  let allocations = 0;
  const counted = <A extends unknown[], R>(make: (...args: A) => R) => (...args: A): R => {
    allocations++;
    return make(...args);
  };
  using backend = {
    ...made,
    allocate: counted(made.allocate),
    allocateBytes: counted(made.allocateBytes),
    view: counted(made.view) as typeof made.view,
  };
  const config = resolveConfig({
    layers:
      "conv 8 3x3, batch-norm, relu, pool 2, conv 12 3x3 groups 4, relu, conv 12 3x3 groups 12, relu",
    batchSize: 32,
    initializer: "he-normal",
    optimizer: "adamw",
    learningRate: 0.001,
    freezeOutputBias: false,
  });
  using steps = new RunSteps(backend, planSteps(toyImages(96, 3), config, 3));
  for (let i = 0; i < 50; i++) steps.run();
  const [before, { rss }] = [allocations, Deno.memoryUsage()];
  for (let i = 0; i < 1000; i++) steps.run();
  assert((await steps.losses()).every(Number.isFinite));
  assert.equal(allocations, before);
  const grown = Deno.memoryUsage().rss - rss;
  assert(grown < 32 * MEGABYTE, `${grown} bytes`);
});
