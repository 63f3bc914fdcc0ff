/** Batches that are cut into shards: what is computed, and that it does not matter by which process or thread. */
import assert from "node:assert/strict";
import { createBackend, type TrainConfig, Trainer, UsageError } from "../../lib/mod.ts";
import { train } from "../../lib/mod.ts";
import { resolveConfig } from "../../lib/config/resolve.ts";
import { samplesOf } from "../../lib/dataset/samples.ts";
import { initialTensors } from "../../lib/nn/initializers.ts";
import type { Tensors } from "../../lib/nn/tensors.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { networkFor } from "../../lib/train/run_network.ts";
import { TrainingSession } from "../../lib/train/session.ts";
import { Stopwatch } from "../../lib/train/stopwatch.ts";
import { digestOf, digestOfRun, digestOfSlices, optionsOf } from "../guards/guard_runs.ts";
import { RecordingBackend } from "../guards/recorded_calls.ts";
import { diabetes, passengers, tags } from "./task_data.ts";
import { toyImages } from "../support/toy_images.ts";
import { meetingGroups } from "./meeting_group.ts";
import { digestOfGroup } from "./shard_runs.ts";

/** Everything that looks at a whole batch, or at a row's place in it. */
const ALL_LAYERS: Partial<TrainConfig> = {
  hidden: [24, 16],
  activation: "tanh",
  batchNorm: true,
  dropout: 0.2,
  labelSmoothing: 0.1,
  classWeights: "balanced",
  standardize: true,
  shift: 1,
  clipNorm: 1,
  epochs: 2,
  // Of 240 rows to train on, the last batch has 48.
  batchSize: 64,
};

const IMAGES = optionsOf({ preset: "small", rows: 300, config: ALL_LAYERS });
/** The preset `small` trains on all rows. */
const VALIDATED = { validation: 0.2, patience: 5 };

for (const simd of ["strict", "relaxed"] as const) {
  Deno.test(`${simd}: one number of shards gives one network, in 1, 2, 4 or 8 processes`, async () => {
    const digests = new Set<string>();
    for (const shards of [1, 2, 4, 8]) {
      const options = { ...IMAGES, config: { ...ALL_LAYERS, ...VALIDATED, shards } };
      const alone = await digestOfGroup(options, 1, simd);
      digests.add(alone);
      for (let processes = 2; processes <= shards; processes *= 2) {
        assert.equal(await digestOfGroup(options, processes, simd), alone, `${shards} shards`);
      }
    }
    assert.equal(digests.size, 4, "another number of shards is another network");
  });
}

Deno.test("threads and slices do not matter where batches are cut into shards", async () => {
  const options = { ...IMAGES, config: { ...ALL_LAYERS, ...VALIDATED, shards: 4 } };
  const digest = await digestOfRun(options, 1);
  assert.equal(await digestOfRun(options, 2), digest);
  assert.equal(await digestOfRun(options, 3), digest);
  assert.equal(await digestOfSlices(options, 2), digest);
});

Deno.test("the other tasks have one network for a number of shards, too", async () => {
  for (const [name, part] of Object.entries({ diabetes, passengers, tags })) {
    const parts = part(0);
    const config = { hidden: [12], batchSize: 32, epochs: 2, l2: 0.01, dropout: 0.1, shards: 4 };
    const options = { train: parts.train, test: parts.test, config };
    const digest = await digestOfGroup(options, 1);
    assert.equal(await digestOfGroup(options, 2), digest, name);
    assert.equal(await digestOfGroup(options, 4), digest, name);
  }
});

Deno.test("a batch of fewer rows than shards leaves some of them, and whole processes, without a row", async () => {
  const config = { hidden: [5], batchSize: 8, epochs: 3, shards: 8, validation: 0, dropout: 0.3 };
  // The last batch has one row.
  const options = { train: toyImages(41, 3), config, preset: "small" };
  const digest = await digestOfGroup(options, 1);
  for (const processes of [2, 4, 8]) {
    assert.equal(await digestOfGroup(options, processes), digest);
  }
});

Deno.test("what one number of processes has begun, another ends with the same bits", async () => {
  const options = { ...IMAGES, config: { ...ALL_LAYERS, ...VALIDATED, shards: 4 } };
  const digest = await digestOfRun(options, 1);
  const events: Parameters<typeof digestOf>[0][number][] = [];
  let state: Uint8Array<ArrayBuffer> | null = null;
  for (const processes of [2, 1, 4, 2, 4, 1]) {
    const slices = await Promise.all(
      meetingGroups(processes).map(async (group) => {
        using backend = await createBackend({ backend: "wasm", simd: "strict", threads: 1 });
        using trainer = await Trainer.create({ ...options, backend, group, state });
        // The last of them trains to the end.
        return await trainer.step(processes === 1 && state ? { maxBatches: 3 } : { maxBatches: 2 });
      }),
    );
    for (const slice of slices) assert.equal(slice.state === null, slices[0].state === null);
    events.push(...slices[0].events);
    state = slices[0].state;
    if (!state) break;
  }
  assert.equal(state, null);
  assert.equal(await digestOf(events), digest);
});

Deno.test("one process that is to stop stops all of them after the same batch", async () => {
  const config = { hidden: [5], batchSize: 8, epochs: 1000, shards: 2 };
  const controllers = [new AbortController(), new AbortController()];
  const ends = await Promise.all(
    meetingGroups(2).map(async (group) => {
      using backend = await createBackend({ backend: "wasm", threads: 1 });
      const { signal } = controllers[group.rank];
      const places: string[] = [];
      const events = train({
        train: toyImages(60, 3),
        config,
        backend,
        group,
        signal,
        checkpointEvery: { epochs: 1000 },
      });
      for await (const event of events) {
        if (event.type === "epoch" && event.epoch === 3) controllers[1].abort();
        if (event.type === "checkpoint") places.push(`${event.epoch} ${event.batch}`);
        if (event.type === "end") places.push(event.status);
      }
      return places;
    }),
  );
  assert.deepEqual(ends[0], ends[1]);
  assert.equal(ends[0].at(-1), "interrupted");
});

const HALVES = toyImages(40, 3);

/** A step on those rows of `HALVES`, from the same tensors; what it leaves. */
async function afterStep(config: TrainConfig, rows: Uint32Array): Promise<Tensors> {
  using backend = await createBackend({ backend: "reference" });
  const { network } = networkFor(samplesOf(HALVES), config, 3);
  const tensors = initialTensors(network, "he-normal", new NumpyRandomState(3));
  const split = { train: rows, validation: new Uint32Array() };
  using session = new TrainingSession(backend, network, tensors, HALVES, split, config);
  session.shuffle(new NumpyRandomState(1));
  for (const pending of session.steps(new Stopwatch())) await pending;
  return await session.networkTensors();
}

Deno.test("a step on two shards is the mean of a step on each, also where batches are normalized", async () => {
  const batch = { hidden: [6, 4], activation: "tanh", batchNorm: true, validation: 0 } as const;
  const whole = resolveConfig({ ...batch, batchSize: 40, shards: 2 });
  const half = resolveConfig({ ...batch, batchSize: 20 });
  // The rows in the order in which the batch has them.
  const order = Uint32Array.from({ length: 40 }, (_, row) => row);
  new NumpyRandomState(1).shuffle(order);
  const cut = await afterStep(whole, Uint32Array.from({ length: 40 }, (_, row) => row));
  const [a, b] = await Promise.all(
    [order.slice(0, 20), order.slice(20)].map((rows) => afterStep(half, rows)),
  );
  for (const [name, values] of cut) {
    values.forEach((value, i) => {
      const mean = (a.get(name)![i] + b.get(name)![i]) / 2;
      // A step of rate 0.1 on values below 4: some ten roundings of float32.
      assert(Math.abs(value - mean) <= 10 * 4 * 2 ** -24, `${name}[${i}]: ${value}, ${mean}`);
    });
  }
});

Deno.test("gradients are summed after the backward pass and before clipping, and the update waits", async () => {
  const config = { hidden: [4], batchSize: 8, clipNorm: 0.5, validation: 0, epochs: 1, shards: 2 };
  const recordings: RecordingBackend[] = [];
  const places: [number, number][] = [];
  const groups = meetingGroups(2, (rank) => places.push([rank, recordings[rank].lines.length]));
  const backends = await Promise.all(
    groups.map(() => createBackend({ backend: "wasm", threads: 1 })),
  );
  recordings.push(...backends.map((backend) => new RecordingBackend(backend)));
  await Promise.all(groups.map(async (group) => {
    const { backend } = recordings[group.rank];
    await Array.fromAsync(train({ train: toyImages(20, 3), config, backend, group }));
  }));
  for (const backend of backends) backend[Symbol.dispose]();
  assert.equal(places.length, 2 * 3);
  for (const [rank, place] of places) {
    const { lines } = recordings[rank];
    assert.match(lines[place - 1], /^columnSums |^gemm |^part |^numbersOf /);
    assert.match(lines.slice(place).find((line) => !/^numbersOf/.test(line))!, /^rowSquares /);
  }
});

Deno.test("processes that cannot share the shards out are refused", async () => {
  const refusals: [number, number, RegExp][] = [
    [2, 1, /^Cannot train in 2 processes: they must be a power of two, and as many as --shards, 1/],
    [3, 4, /^Cannot train in 3 processes/],
    [8, 4, /^Cannot train in 8 processes: .*--shards, 4, at most/],
  ];
  for (const [size, shards, message] of refusals) {
    const group = { ...meetingGroups(1)[0], size };
    const config = { hidden: [4], batchSize: 8, shards };
    await assert.rejects(
      Array.fromAsync(train({ train: toyImages(40, 3), config, group })),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  }
});

Deno.test("a number of shards must be a power of two, and have a row each", () => {
  const refused = (config: Partial<TrainConfig>, message: RegExp) =>
    assert.throws(() => resolveConfig(config), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  for (const shards of [0, 3, 6, 128, -2, 2.5, NaN]) {
    refused(
      { shards },
      /^Cannot train with a number of shards of .*: it must be a power of two of at least 1 and at most 64$/,
    );
  }
  refused({ shards: 8, batchSize: 4 }, /^Cannot train with 8 shards of batches of 4: /);
  refused(
    { shards: 8, batchSize: 12, batchNorm: true },
    /^Cannot normalize batches of 12 in 8 shards: one of them has a single row, .*, fewer shards, or no /,
  );
});
