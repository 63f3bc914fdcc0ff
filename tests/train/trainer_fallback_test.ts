/** A device that fails in the middle of a run, and what becomes of the run. */
import assert from "node:assert/strict";
import type { Backend } from "../../lib/backend/mod.ts";
import {
  createBackend,
  decodeState,
  encodeState,
  train,
  type TrainConfig,
  Trainer,
  type TrainingState,
} from "../../lib/mod.ts";
import { DeviceError } from "../../lib/errors.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

const IMAGES = toyImages(60, 3);
const TEST = toyImages(12, 3, 2);
/** Five steps an epoch. */
const CONFIG: Partial<TrainConfig> = {
  hidden: [5],
  batchSize: 10,
  epochs: 4,
  learningRate: 0.5,
  freezeOutputBias: false,
};

/** The reference back end, whose device is lost after `updates` of its parameters, or in the evaluation of the test set. */
async function fragile(updates: number): Promise<Backend> {
  const backend = await createBackend({ backend: "reference" });
  let left = updates;
  const fail = () => {
    throw new DeviceError("Cannot compute: the device was lost");
  };
  return {
    ...backend,
    update: (...call) => left-- > 0 ? backend.update(...call) : fail(),
    gemm: (...call) => left >= 0 ? backend.gemm(...call) : fail(),
    read: (matrix) => left >= 0 ? backend.read(matrix) : fail(),
  };
}

/** Weights and biases of two layers, in each of five steps. */
const UPDATES_AN_EPOCH = 4 * 5;

Deno.test("after a fault, training continues with another back end from the last completed epoch", async () => {
  const options = { train: IMAGES, test: TEST, config: CONFIG };
  const reference = await createBackend({ backend: "reference" });
  const whole = await runTraining({ ...options, backend: reference });
  for (const updates of [0, 7, UPDATES_AN_EPOCH, UPDATES_AN_EPOCH * 2 + 3]) {
    const run = await runTraining({
      ...options,
      backend: await fragile(updates),
      fallback: () => createBackend({ backend: "wasm", threads: 1 }),
    });
    const epoch = Math.floor(updates / UPDATES_AN_EPOCH);
    const events = run.events.filter(({ type }) => type !== "progress");
    const fallback = events[epoch + 1];
    assert(fallback.type === "fallback");
    assert.equal(fallback.epoch, epoch);
    assert.equal(fallback.environment.backend, "wasm");
    assert.equal(fallback.error, "Cannot compute: the device was lost");
    // The same epochs as if nothing had happened; the back ends differ by their rounding, and so does where they continue.
    assert.deepEqual(run.epochs.map(({ epoch }) => epoch), [1, 2, 3, 4]);
    run.epochs.forEach(({ trainLoss, validationLoss }, i) => {
      assert(Math.abs(trainLoss - whole.epochs[i].trainLoss) < 1e-5);
      assert(Math.abs(validationLoss! - whole.epochs[i].validationLoss!) < 1e-5);
    });
    assert.equal(run.end.status, "completed");
    assert.equal(run.end.environment.backend, "wasm");
    assert.equal(run.end.testAccuracy, whole.end.testAccuracy);
  }
});

Deno.test("a fault without another back end ends in its error, and so does any other error", async () => {
  const options = { train: IMAGES, config: CONFIG };
  const lost = runTraining({ ...options, backend: await fragile(25) });
  await assert.rejects(lost, { name: "DeviceError", message: /device was lost/ });

  const backend = await createBackend({ backend: "reference" });
  const defect = {
    ...backend,
    update: () => {
      throw new TypeError("a defect");
    },
  };
  const fallback = () => createBackend({ backend: "wasm", threads: 1 });
  await assert.rejects(runTraining({ ...options, backend: defect, fallback }), TypeError);
});

Deno.test("a fault before the first step is told after the start", async () => {
  const reference = await createBackend({ backend: "reference" });
  const dead = {
    ...reference,
    allocate: () => {
      throw new DeviceError("Cannot compute: the device was lost");
    },
  };
  const fallback = () => createBackend({ backend: "wasm", threads: 1 });
  const { events } = await runTraining({
    train: IMAGES,
    config: CONFIG,
    backend: dead,
    fallback,
  });
  assert.deepEqual(events.slice(0, 3).map(({ type }) => type), ["start", "fallback", "epoch"]);
});

Deno.test("a fault is a fault even where leaving the device fails, too", async () => {
  const backend = await fragile(7);
  const release = () => {
    throw new Error("nothing can be released on a lost device");
  };
  const fallback = () => createBackend({ backend: "wasm", threads: 1 });
  const { end } = await runTraining({
    train: IMAGES,
    config: CONFIG,
    backend: { ...backend, release },
    fallback,
  });
  assert.equal(end.status, "completed");
});

Deno.test("a run that diverged is over, also where its last evaluation falls back", async () => {
  const reference = await createBackend({ backend: "reference" });
  // Each step multiplies the weights by 1 - 0.5 * 200 / 10 = -9, so they overflow after some epochs.
  const config = { ...CONFIG, l2: 200, epochs: 100 };
  let sessions = 0;
  const backend = {
    ...reference,
    // Training begins with the images, and so does the evaluation of the test set after it.
    allocateBytes: (rows: number, columns: number) => {
      if (rows === IMAGES.rows && columns > 1) sessions++;
      if (rows === TEST.rows) throw new DeviceError("Cannot compute: the device was lost");
      return reference.allocateBytes(rows, columns);
    },
  };
  const fallback = () => createBackend({ backend: "wasm", threads: 1 });
  const run = await runTraining({ train: IMAGES, test: TEST, config, backend, fallback });
  assert.equal(sessions, 1);
  assert.equal(run.events.filter(({ type }) => type === "fallback").length, 1);
  assert.equal(run.end.status, "diverged");
  assert.equal(run.epochs.at(-1)!.epoch, run.end.divergedAt!.epoch);
  assert(run.end.testAccuracy !== null);
});

Deno.test("a fault in an epoch that was resumed leaves a state to continue from", async () => {
  const options = { train: IMAGES, config: CONFIG };
  const reference = await createBackend({ backend: "reference" });
  using trainer = await Trainer.create({ ...options, backend: reference });
  const { state } = await trainer.step({ maxBatches: 7 });
  const interruption = new AbortController();
  const run = train({
    ...options,
    resume: await decodeState(state!),
    backend: await fragile(0),
    fallback: () => createBackend({ backend: "wasm", threads: 1 }),
    checkpointEvery: { epochs: 1 },
    signal: interruption.signal,
  });
  let left: TrainingState | null = null;
  for await (const event of run) {
    if (event.type === "fallback") interruption.abort();
    if (event.type === "checkpoint") left = event.state;
  }
  assert.deepEqual([left!.progress.epoch, left!.progress.batch], [1, 0]);
  const resume = await decodeState(await encodeState(left!));
  const { epochs } = await runTraining({ ...options, resume });
  assert.deepEqual(epochs.map(({ epoch }) => epoch), [2, 3, 4]);
});
