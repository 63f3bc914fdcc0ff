import assert from "node:assert/strict";
import { createBackend } from "../backends/mod.ts";
import { Sampler } from "./queued_work.ts";

/** Takes the processor for a while. */
function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

Deno.test("a call that queues is told apart from its being done", async () => {
  using reference = await createBackend({ backend: "reference" });
  let queued = 0;
  // A device that takes 2 ms a call, and says so.
  const device = {
    ...reference,
    settle: () => {
      busy(2 * queued);
      queued = 0;
      return Promise.resolve();
    },
    takeDeviceMs: () => Promise.resolve(null),
  };
  const sampler = new Sampler(device, () => void queued++);
  assert.equal(sampler.figures(), null);
  await sampler.warmUp(0);
  await sampler.round(0);
  await sampler.round(0);
  const { timing, encodeMs, deviceMs } = sampler.figures()!;
  assert.equal(timing.runs, 2);
  assert(timing.best >= 2, String(timing.best));
  assert(encodeMs < timing.best);
  assert.equal(deviceMs, null);
});

Deno.test("the device's time is of the calls that are measured, and of one call", async () => {
  using reference = await createBackend({ backend: "reference" });
  let deviceMs = 1000; // Of what was done before.
  const device = {
    ...reference,
    takeDeviceMs: () => {
      const taken = deviceMs;
      deviceMs = 0;
      return Promise.resolve(taken);
    },
  };
  const sampler = new Sampler(device, () => {
    busy(1);
    deviceMs += 0.5;
  });
  await sampler.warmUp(0);
  await sampler.round(20);
  assert.equal(sampler.figures()!.deviceMs, 0.5);
});
