/** Where several processes will add up their gradients: between the backward pass and clipping, and the update waits. */
import { samplesOf } from "../../lib/dataset/samples.ts";
import assert from "node:assert/strict";
import { allRows } from "../../lib/dataset/batches.ts";
import { resolveConfig } from "../../lib/mod.ts";
import { initialTensors } from "../../lib/nn/initializers.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { ALONE, type GradientSync } from "../../lib/train/gradient_sync.ts";
import { networkFor } from "../../lib/train/run_network.ts";
import { TrainingSession } from "../../lib/train/session.ts";
import { Stopwatch } from "../../lib/train/stopwatch.ts";
import { strictBackend } from "../guards/guard_runs.ts";
import { RecordingBackend } from "../guards/recorded_calls.ts";
import { toyImages } from "../support/toy_images.ts";

const IMAGES = toyImages(20, 3);
const CONFIG = resolveConfig({ hidden: [4], batchSize: 8, clipNorm: 0.5, validation: 0 });

/** An epoch with `syncOf(lines)`, `lines` being the calls so far; the tensors that it leaves. */
async function trained(syncOf: (lines: readonly string[]) => GradientSync) {
  using inner = await strictBackend(1);
  const { backend, lines } = new RecordingBackend(inner);
  const { network } = networkFor(samplesOf(IMAGES), CONFIG, 3);
  const random = new NumpyRandomState(1);
  const tensors = initialTensors(network, "normal", random);
  const split = { train: allRows(20), validation: new Uint32Array() };
  using session = new TrainingSession(
    backend,
    network,
    tensors,
    IMAGES,
    split,
    CONFIG,
    syncOf(lines),
  );
  session.shuffle(random);
  let waits = 0;
  for (const pending of session.steps(new Stopwatch())) {
    if (pending) waits++;
    await pending;
  }
  return { tensors: await session.tensors(), waits, lines };
}

Deno.test("gradients are summed after the backward pass and before clipping, and the update waits for it", async () => {
  const places: number[] = [];
  const names: string[][] = [];
  const found = await trained((lines) => ({
    async sum(parameters) {
      places.push(lines.length);
      names.push(parameters.map(({ name }) => name));
      await new Promise((resolve) => setTimeout(resolve, 1));
      assert.equal(lines.length, places.at(-1), "a call was made before the sum was there");
    },
  }));
  const expected = await trained(() => ALONE);
  assert.deepEqual(found.tensors, expected.tensors);
  assert.deepEqual([found.waits, expected.waits], [3, 0]);
  assert.deepEqual(names, Array(3).fill(["layers.0.weight", "layers.0.bias", "layers.1.weight"]));
  for (const place of places) {
    assert.match(found.lines[place - 1], /^columnSums /);
    assert.match(found.lines[place], /^rowSquares /);
  }
});
