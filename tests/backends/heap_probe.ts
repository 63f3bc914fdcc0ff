/**
 * Prints how many bytes training steps leave on the JavaScript heap, in windows of a thousand steps each, and how often
 * they grow the WebAssembly memory. memory_test.ts runs it, with V8's garbage collector at hand.
 */
import { samplesOf } from "../../lib/dataset/samples.ts";
import { createBackend } from "../../lib/backends/mod.ts";
import { resolveConfig } from "../../lib/config/resolve.ts";
import { stratifiedSplit } from "../../lib/dataset/split.ts";
import { initialTensors } from "../../lib/nn/initializers.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { networkFor } from "../../lib/train/run_network.ts";
import { TrainingSession } from "../../lib/train/session.ts";
import { Stopwatch } from "../../lib/train/stopwatch.ts";
import { toyImages } from "../support/toy_images.ts";

const { gc } = globalThis as unknown as { gc: () => void };
const STEPS = 1000;

const images = toyImages(20 * STEPS, 3);
const config = resolveConfig({ hidden: [20], batchSize: 16 });
const { network } = networkFor(samplesOf(images), config, 3);
const random = new NumpyRandomState(1);
using backend = await createBackend({ backend: "wasm" });
using session = new TrainingSession(
  backend,
  network,
  initialTensors(network, "normal", random),
  images,
  stratifiedSplit(images.labels, 1),
  config,
);

let growths = 0;
const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages) {
  growths++;
  return grow.call(this, pages);
};

const stopwatch = new Stopwatch();
/** Bytes left by an epoch of a thousand steps. */
function window(): number {
  const steps = session.steps(stopwatch);
  steps.next();
  gc();
  const before = Deno.memoryUsage().heapUsed;
  let count = 0;
  while (!steps.next().done) count++;
  gc();
  const after = Deno.memoryUsage().heapUsed;
  if (count !== STEPS - 1) throw new Error(`${count + 1} steps instead of ${STEPS}`);
  return after - before;
}

session.shuffle(random);
window();
// V8 compiles the step anew in the first ones, and keeps what it learns; what a step leaves comes in all of them.
const grownHeapBytes = Array.from({ length: 12 }, window);
console.log(JSON.stringify({ grownHeapBytes, growths }));
