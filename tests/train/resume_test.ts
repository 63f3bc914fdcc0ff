/** Training that is cut into pieces ends with the same bits as training that is not. */
import assert from "node:assert/strict";
import {
  createBackend,
  decodeState,
  encodeState,
  type SliceSize,
  train,
  type TrainConfig,
  Trainer,
  type TrainEvent,
  type TrainingState,
  type TrainOptions,
  UsageError,
  WeftError,
} from "../../lib/mod.ts";
import { NO_ADAPTER } from "../backends/adapter.ts";
import { testUnless } from "../support/cli.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

const IMAGES = toyImages(60, 3);
const TEST = toyImages(12, 3, 2);
/** Five steps an epoch, the last of eight rows; penalties, so that nothing is zero. */
const CONFIG: Partial<TrainConfig> = {
  hidden: [5],
  batchSize: 10,
  epochs: 4,
  learningRate: 0.5,
  l1: 0.01,
  l2: 0.02,
  freezeOutputBias: false,
};
const RUN = { train: IMAGES, test: TEST, config: CONFIG };

/** All that stands around the layers and the loss, and decides about bits. */
const WITH_LAYERS: Partial<TrainConfig> = {
  ...CONFIG,
  hidden: [7, 5],
  activation: "gelu",
  learningRate: 0.1,
  dropout: 0.3,
  batchNorm: true,
  labelSmoothing: 0.1,
  classWeights: [1, 2, 0.5],
};
/** By what a test's name adds. */
const RUNS = { "": RUN, ", with batch normalization and dropout": { ...RUN, config: WITH_LAYERS } };

/** What must not depend on how a run was cut: all but times. */
function lasting(event: TrainEvent): unknown {
  const { epochMs: _1, elapsedMs: _2, samplesPerSecond: _3, phasesMs: _4, totalMs: _5, ...rest } =
    event as TrainEvent & Record<string, unknown>;
  return { ...rest, environment: null };
}

async function wholeRun(options: Parameters<typeof train>[0] = RUN): Promise<unknown[]> {
  const { events } = await runTraining(options);
  return events.filter(({ type }) => type === "epoch" || type === "end").map(lasting);
}

for (const [what, run] of Object.entries(RUNS)) {
  Deno.test(`training in slices of a batch each ends with the same bits, whatever the number of threads${what}`, async () => {
    const expected = await wholeRun(run);
    const events: TrainEvent[] = [];
    let state: Uint8Array<ArrayBuffer> | null = null;
    let slices = 0;
    do {
      using backend = await createBackend({ backend: "wasm", threads: 1 + slices % 4 });
      using trainer = await Trainer.create({ ...run, backend, state });
      const slice = await trainer.step({ maxMs: 0 });
      events.push(...slice.events);
      state = slice.state;
      slices++;
    } while (state);
    assert(slices >= 4 * 5, `${slices} slices`);
    assert.deepEqual(events[0].type, "start");
    const resumes = events.filter((event) => event.type === "resume");
    assert.equal(resumes.length, slices - 1);
    assert(resumes.some(({ batch }) => batch === 3) && resumes.some(({ epoch }) => epoch === 3));
    const kept = events.filter(({ type }) => type === "epoch" || type === "end");
    assert.deepEqual(kept.map(lasting), expected);
  });
}

Deno.test("a slice has as many batches as it may", async () => {
  const expected = await wholeRun();
  const events: TrainEvent[] = [];
  let state: Uint8Array<ArrayBuffer> | null = null;
  const positions: number[] = [];
  do {
    using trainer = await Trainer.create({ ...RUN, state });
    const slice = await trainer.step({ maxBatches: 7 });
    events.push(...slice.events);
    state = slice.state;
    if (state) {
      const { epoch, batch } = (await decodeState(state)).progress;
      positions.push(5 * epoch + batch);
    }
  } while (state);
  assert.deepEqual(positions, [7, 14]);
  const kept = events.filter(({ type }) => type === "epoch" || type === "end");
  assert.deepEqual(kept.map(lasting), expected);
});

for (const optimizer of ["momentum", "adam", "adamw", "rmsprop"] as const) {
  Deno.test(`${optimizer}, one-cycle and clipping continue from every batch to the same bits, with 1 to 4 threads`, async () => {
    const config: Partial<TrainConfig> = {
      ...CONFIG,
      // Some kernels of the first layer are shared out, not only run by one of the threads.
      hidden: [1500],
      batchSize: 11,
      epochs: 2,
      initializer: "he-normal",
      learningRate: 0.02,
      optimizer,
      nesterov: true,
      schedule: "one-cycle",
      clipNorm: 0.5,
    };
    const options = { ...RUN, config };
    const expected = await wholeRun(options);
    const events: TrainEvent[] = [];
    let state: Uint8Array<ArrayBuffer> | null = null;
    let slices = 0;
    do {
      using backend = await createBackend({ backend: "wasm", threads: 1 + slices++ % 4 });
      using trainer = await Trainer.create({ ...options, backend, state });
      const slice = await trainer.step({ maxMs: 0 });
      events.push(...slice.events);
      state = slice.state;
    } while (state);
    assert(slices >= 2 * 5, `${slices} slices`);
    const kept = events.filter(({ type }) => type === "epoch" || type === "end");
    assert.deepEqual(kept.map(lasting), expected);
  });
}

Deno.test("a slice lasts about as long as it should, and one trainer continues slice by slice", async () => {
  const expected = await wholeRun();
  using trainer = await Trainer.create(RUN);
  const events: TrainEvent[] = [];
  let isDone = false;
  while (!isDone) {
    const slice = await trainer.step({ maxMs: 1 });
    events.push(...slice.events);
    isDone = slice.state === null;
  }
  assert.deepEqual(events.map(({ type }) => type), ["start", ...Array(4).fill("epoch"), "end"]);
  assert.deepEqual(events.slice(1).map(lasting), expected);
  assert.deepEqual(await trainer.step({ maxMs: 1 }), { events: [], state: null });
});

for (const size of [{ maxMs: 0 }, { maxBatches: 1 }]) {
  Deno.test(`a training that diverges ends in slices as it does in one piece: ${JSON.stringify(size)}`, async () => {
    const run = { ...RUN, config: { ...CONFIG, activation: "relu", learningRate: 1e38 } as const };
    const expected = await wholeRun(run);
    assert.match(JSON.stringify(expected.at(-1)), /"status":"diverged"/);
    const { events } = await inSlices(run, size);
    assert.deepEqual(events.filter(isLasting).map(lasting), expected);
  });
}

Deno.test("a slice that is interrupted leaves the state where it was", async () => {
  const expected = await wholeRun();
  const interruption = new AbortController();
  using trainer = await Trainer.create({ ...RUN, signal: interruption.signal });
  await trainer.step({ maxBatches: 7 });
  interruption.abort();
  const { events, state } = await trainer.step();
  const [end] = events;
  assert(events.length === 1 && end.type === "end" && end.status === "interrupted");
  const { epoch, batch } = (await decodeState(state!)).progress;
  assert(5 * epoch + batch >= 7);
  assert.deepEqual(await trainer.step(), { events: [], state });
  const rest = await inSlices(RUN, {}, state);
  assert.deepEqual(rest.events.filter(isLasting).map(lasting), expected.slice(epoch));
});

Deno.test("a trainer that has failed or was disposed of says so every time", async () => {
  const { state } = await inSlices(RUN, { maxBatches: 2 }, null, 1);
  using failing = await Trainer.create({ ...RUN, dataId: "other", state });
  for (let i = 0; i < 2; i++) {
    await assert.rejects(
      () => failing.step(),
      /^UsageError: Cannot resume from this state/,
    );
  }
  for (const steps of [0, 1]) {
    const disposed = await Trainer.create(RUN);
    for (let i = 0; i < steps; i++) await disposed.step({ maxBatches: 1 });
    disposed[Symbol.dispose]();
    for (let i = 0; i < 2; i++) {
      await assert.rejects(() => disposed.step(), /^UsageError: .* disposed of; create one with/);
    }
  }
});

Deno.test("the size of a slice is a number, and what is undefined is not given", async () => {
  using trainer = await Trainer.create(RUN);
  for (const size of [{ maxMs: NaN }, { maxMs: -1 }, { maxBatches: NaN }, { maxBatches: -3 }]) {
    await assert.rejects(() => trainer.step(size), /^UsageError: Cannot train a slice with max/);
  }
  const { state } = await trainer.step({ maxBatches: 7 });
  using other = await Trainer.create({ ...RUN, config: { hidden: undefined }, state });
  assert.equal((await other.step()).events.at(-1)!.type, "end");
});

for (const [what, run] of Object.entries(RUNS)) {
  for (const backend of ["reference", "webgpu"] as const) {
    testUnless(
      backend === "webgpu" ? NO_ADAPTER : null,
      `${backend}: training continues from every checkpoint to the same bits${what}`,
      async () => {
        using computing = await createBackend({ backend });
        const options = { ...run, backend: computing };
        const expected = await wholeRun(options);
        const states: TrainingState[] = [];
        // No time at all between two checkpoints: as often as events are due.
        using _clock = tickingClock();
        for await (const event of train({ ...options, checkpointEvery: { seconds: 1e-9 } })) {
          if (event.type === "checkpoint") states.push(await copyOf(event.state));
        }
        assert(states.some(({ progress }) => progress.batch > 0));
        for (const resume of states.filter((_, i) => i % 3 === 0)) {
          const { epoch } = resume.progress;
          assert.deepEqual(await wholeRun({ ...options, resume }), expected.slice(epoch));
        }
      },
    );
  }
}

Deno.test("checkpoints come after as many epochs as asked for", async () => {
  const at: [number, number][] = [];
  for await (const event of train({ ...RUN, checkpointEvery: { epochs: 2 } })) {
    if (event.type === "checkpoint") at.push([event.epoch, event.batch]);
  }
  assert.deepEqual(at, [[2, 0], [4, 0]]);
});

Deno.test("an interrupted run leaves a checkpoint in the middle of an epoch", async () => {
  const expected = await wholeRun();
  const interruption = new AbortController();
  const events: TrainEvent[] = [];
  let state: TrainingState | undefined;
  using _clock = tickingClock();
  const options = { ...RUN, checkpointEvery: { epochs: 100 }, signal: interruption.signal };
  for await (const event of train(options)) {
    if (event.type === "checkpoint") state = event.state;
    else events.push(event);
    if (event.type === "progress" && event.epoch === 2 && event.batch === 2) interruption.abort();
  }
  assert.deepEqual([state!.progress.epoch, state!.progress.batch], [1, 2]);
  const end = events.at(-1)!;
  assert(end.type === "end" && end.status === "interrupted");
  assert.deepEqual(await wholeRun({ ...RUN, resume: state }), expected.slice(1));
});

Deno.test("the time of an epoch that was cut has that of its first part, and times continue where they were", async () => {
  const state = await someState();
  const { progress } = state;
  assert(progress.batch > 0 && progress.epochMs > 0 && progress.epochMs < progress.elapsedMs);
  const resume = { ...state, progress: { ...progress, epochMs: 1e6, elapsedMs: 2e6 } };
  const { events } = await runTraining({ ...RUN, resume, elapsedMs: 3e6 });
  const [cut, whole] = events.filter((event) => event.type === "epoch");
  assert(cut.epochMs > 1e6 && whole.epochMs < 1e6);
  assert.equal(cut.samplesPerSecond, 48 / cut.epochMs * 1000);
  assert(cut.elapsedMs > 3e6 && whole.elapsedMs > cut.elapsedMs);
});

Deno.test("a state survives its bytes, and damaged ones are refused", async () => {
  const state = await someState();
  const bytes = await encodeState(state);
  assert.deepEqual(await decodeState(bytes), state);
  assert.deepEqual(await encodeState(state), bytes, "the same state gives the same bytes");
  for (const at of [9, 40, 120, 900, bytes.length >> 1, bytes.length - 1]) {
    const damaged = bytes.slice();
    damaged[at] ^= 1;
    await assert.rejects(() => decodeState(damaged, "a.safetensors"), (error) => {
      assert(error instanceof WeftError, `byte ${at}`);
      assert.match(error.message, /^Cannot (resume from|read) a\.safetensors/);
      return true;
    });
  }
  for (const length of [0, 7, 100, bytes.length - 4]) {
    await assert.rejects(() => decodeState(bytes.slice(0, length)), WeftError);
  }
  const later = bytes.slice();
  const version = 'Version":"';
  const at = new TextDecoder("latin1").decode(bytes.subarray(0, 400)).indexOf(version);
  assert(at > 0);
  later[at + version.length] = "9".charCodeAt(0);
  await assert.rejects(() => decodeState(later), /format has version 9, and this Weft reads .*1/);
});

/** What a state of a right digest may have that no training leaves, by what is said about it. */
const FORGERIES: Record<string, (state: Forged) => void> = {
  "identity is missing": (state) => delete state.identity,
  "progress is missing": (state) => delete state.progress,
  "config is missing": ({ identity }) => delete identity.config,
  "hidden = 3": ({ identity }) => identity.config.hidden = 3,
  'number of epochs of many"?:': ({ identity }) => identity.config.epochs = "many",
  'simd is "bogus", and must be one of strict': ({ identity }) => identity.computing.simd = "bogus",
  'backend is "bogus"': ({ identity }) => identity.computing.backend = "bogus",
  "adapter is 5": ({ identity }) => identity.computing.adapter = 5,
  "rows is 0": ({ identity }) => identity.data.rows = 0,
  "epoch is null, and must be a whole number from 0 to 4": ({ progress }) => progress.epoch = NaN,
  "epoch is 1000000000": ({ progress }) => progress.epoch = 1e9,
  "epoch is -5": ({ progress }) => progress.epoch = -5,
  'epoch is "3"': ({ progress }) => progress.epoch = "3",
  "batch is -3": ({ progress }) => progress.batch = -3,
  "batch is 1.5, and must be a whole": ({ progress }) => progress.batch = 1.5,
  "batch is 1000000, and must be a whole number from 0 to 6": ({ progress }) =>
    progress.batch = 1e6,
  "batch is 3, and must be a whole number from 0 to 0": ({ progress }) =>
    [progress.epoch, progress.batch] = [4, 3],
  'elapsedMs is "x"': ({ progress }) => progress.elapsedMs = "x",
  "random is null": ({ progress }) => progress.random = null,
  "Cannot restore the random numbers: .* this one has 2 words": ({ progress }) =>
    progress.random.key = [1, 2],
  "best.epoch is 9": ({ progress }) => progress.best = { epoch: 9, loss: 1, accuracy: 1 },
  "the length of layers.0.weight is missing, and must be ": ({ tensors }) =>
    tensors.delete("layers.0.weight"),
  "the length of layers.1.bias is 7, and must be 3": ({ tensors }) =>
    tensors.set("layers.1.bias", new Float32Array(7)),
  "the length of layers.0.weight.velocity is missing": ({ tensors }) =>
    tensors.delete("layers.0.weight.velocity"),
  "the length of layers.1.bias.velocity is 1": ({ tensors }) =>
    tensors.set("layers.1.bias.velocity", new Float32Array(1)),
  "the length of epoch.losses is missing": ({ tensors }) => tensors.delete("epoch.losses"),
  "the length of epoch.classes is 2, and must": ({ tensors }) =>
    tensors.set("epoch.classes", new Float32Array(2)),
  "the length of kept.layers.0.bias is missing": ({ tensors }) =>
    tensors.delete("kept.layers.0.bias"),
  "the length of best.layers.0.bias is missing": ({ tensors }) =>
    tensors.delete("best.layers.0.bias"),
};
// deno-lint-ignore no-explicit-any -- what it is, is what is being broken
type Forged = any;

Deno.test("a state that no training left is refused in a line, however right its digest", async () => {
  const config = { ...CONFIG, optimizer: "momentum", restoreBest: true } as const;
  const { state } = await inSlices({ ...RUN, config }, { maxBatches: 8 }, null, 1);
  for (const [expected, forge] of Object.entries(FORGERIES)) {
    const forged: Forged = structuredClone(await decodeState(state!));
    forge(forged);
    const bytes = await encodeState(forged);
    await assert.rejects(() => decodeState(bytes, "a.safetensors"), (error) => {
      assert(error instanceof WeftError, `${expected}: ${error}`);
      assert.match(error.message, new RegExp(`^Cannot resume from a\\.safetensors: .*${expected}`));
      assert(!error.message.includes("\n"));
      return true;
    });
  }
  // What only the split and the optimizer say, is said before the first event.
  const resume = await decodeState(state!);
  const without = (name: string) => new Map([...resume.tensors].filter(([key]) => key !== name));
  const later: [Partial<TrainingState>, RegExp][] = [
    [{ tensors: without("layers.0.weight.velocity") }, /layers\.0\.weight\.velocity must have/],
    [{ tensors: without("epoch.losses") }, /epoch\.losses must have 30 numbers, and has none/],
    [{ progress: { ...resume.progress, batch: 6 } }, /batch is 6, and an epoch has 5;/],
  ];
  for (const [change, expected] of later) {
    const events = train({ ...RUN, config, resume: { ...resume, ...change } });
    await assert.rejects(() => events.next(), (error) => {
      assert(error instanceof WeftError);
      assert.match(error.message, expected);
      return true;
    });
  }
});

Deno.test("continuing with other data, another configuration or another back end is refused with the difference", async () => {
  const resume = await someState();
  const pixels = IMAGES.pixels.slice();
  pixels[17] ^= 1;
  const cases: [Partial<Parameters<typeof train>[0]>, RegExp][] = [
    [{ config: { ...CONFIG, learningRate: 0.25 } }, /: learningRate was 0\.5 and is 0\.25;/],
    [
      { config: { ...CONFIG, hidden: [5, 4], epochs: 9 } },
      /hidden was \[5\] and is \[5,4\], epochs/,
    ],
    [
      { train: { ...IMAGES, pixels } },
      /: data was "[0-9a-f]{12}\.\.\." and is "[0-9a-f]{12}\.\.\.";/,
    ],
    [{ classNames: ["a", "b", "c", "d"] }, /: classes was 3 and is 4;/],
    [
      { backend: await createBackend({ backend: "reference" }) },
      /: backend was "wasm" and is "ref/,
    ],
    [
      { backend: await createBackend({ backend: "wasm", simd: "strict" }) },
      /simd was "relaxed" and is "strict"/,
    ],
  ];
  for (const [other, expected] of cases) {
    await assert.rejects(() => runTraining({ ...RUN, resume, ...other }), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, expected);
      return true;
    });
  }
  // Without a configuration, the state's.
  const { end } = await runTraining({ train: IMAGES, resume });
  assert.equal(end.status, "completed");
});

Deno.test("a state of before there were dropout and its like continues as if they were off", async () => {
  const expected = await wholeRun();
  const state = await someState();
  const { dropout: _1, batchNorm: _2, labelSmoothing: _3, classWeights: _4, ...config } =
    state.identity.config;
  const resume = { ...state, identity: { ...state.identity, config: config as TrainConfig } };
  const { epoch } = state.progress;
  assert.deepEqual(await wholeRun({ ...RUN, resume }), expected.slice(epoch));
});

Deno.test("a state from before there were optimizers to choose from continues to the same bits", async () => {
  const state = await someState();
  const { hidden, batchSize, epochs, learningRate, l1, l2, freezeOutputBias } = state.identity
    .config;
  const { activation, seed, splitSeed } = state.identity.config;
  const config = {
    hidden,
    activation,
    learningRate,
    batchSize,
    epochs,
    l1,
    l2,
    seed,
    splitSeed,
    freezeOutputBias,
  };
  const resume = { ...state, identity: { ...state.identity, config: config as TrainConfig } };
  const expected = await wholeRun();
  assert.deepEqual(await wholeRun({ ...RUN, resume }), expected.slice(state.progress.epoch));
  await assert.rejects(
    () => runTraining({ ...RUN, config: { ...CONFIG, optimizer: "adam" }, resume }),
    /: optimizer was "sgd" and is "adam";/,
  );
});

async function someState(): Promise<TrainingState> {
  using trainer = await Trainer.create(RUN);
  for (let batch = 0; batch < 9; batch++) await trainer.step({ maxMs: 0 });
  return await decodeState((await trainer.step({ maxMs: 0 })).state!);
}

const isLasting = ({ type }: TrainEvent) => type === "epoch" || type === "end";

/** Trains slice by slice, each with a trainer of its own, to the end or for so many slices. */
async function inSlices(
  run: TrainOptions,
  size: SliceSize,
  state: Uint8Array<ArrayBuffer> | null = null,
  most = 100,
) {
  const events: TrainEvent[] = [];
  for (let slices = 0; slices < most && (state || slices === 0); slices++) {
    using trainer = await Trainer.create({ ...run, state });
    const slice = await trainer.step(size);
    events.push(...slice.events);
    state = slice.state;
  }
  return { events, state };
}

/** As a store would bring it back. */
async function copyOf(state: TrainingState): Promise<TrainingState> {
  return await decodeState(await encodeState(state));
}

/** Every look at the clock is a second later, so that whatever is due now and then is due at once. */
function tickingClock(): Disposable {
  const { now } = performance;
  let time = 0;
  performance.now = () => time += 1000;
  return { [Symbol.dispose]: () => performance.now = now };
}
