/** Which rows are trained on and validate, what is done to them, when training stops, and which network it hands over. */
import assert from "node:assert/strict";
import {
  createBackend,
  decodeState,
  encodeState,
  evaluate,
  train,
  type TrainConfig,
  Trainer,
  type TrainEvent,
  type TrainingState,
  type TrainOptions,
  UsageError,
  WeftError,
} from "../../lib/mod.ts";
import type { LabeledImages } from "../../lib/dataset/dataset.ts";
import { stratifiedFolds } from "../../lib/dataset/folds.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { NO_ADAPTER } from "../backends/adapter.ts";
import { testUnless } from "../support/cli.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

const IMAGES = toyImages(60, 3);
const TEST = toyImages(12, 3, 2);
const CONFIG: Partial<TrainConfig> = { hidden: [5], batchSize: 10, epochs: 4, learningRate: 0.5 };
const AUGMENTED: Partial<TrainConfig> = { ...CONFIG, flip: true, shift: 1, standardize: true };

/** Images whose labels mean nothing: the longer they are learned, the worse is the validation loss. */
const NOISE: LabeledImages = {
  ...IMAGES,
  labels: Uint8Array.from(IMAGES.labels, randomLabel(new NumpyRandomState(5))),
};
const OVERFITTING: Partial<TrainConfig> = { ...CONFIG, hidden: [12], epochs: 60, batchSize: 4 };

function randomLabel(random: NumpyRandomState): () => number {
  return () => Math.floor(3 * random.randomSample());
}

/** Every fourth label is wrong: who becomes sure of all others loses more and more. */
const DOUBTFUL: LabeledImages = {
  ...TEST,
  labels: TEST.labels.map((label, row) => row % 4 === 0 ? (label + 1) % 3 : label),
};
const GROWING_SURE = { train: IMAGES, validation: DOUBTFUL };

/** What must not depend on how a run was cut: all but times. */
function lasting(event: TrainEvent): unknown {
  const { epochMs: _1, elapsedMs: _2, samplesPerSecond: _3, phasesMs: _4, totalMs: _5, ...rest } =
    event as TrainEvent & Record<string, unknown>;
  return { ...rest, environment: null };
}

async function wholeRun(options: TrainOptions): Promise<unknown[]> {
  const { events } = await runTraining(options);
  return events.filter(({ type }) => type === "epoch" || type === "end").map(lasting);
}

Deno.test("flips, shifts and standardization are each another training", async () => {
  const losses = new Set<number>();
  for (const more of [{}, { flip: true }, { shift: 1 }, { standardize: true }, { seed: 43 }]) {
    const { epochs } = await runTraining({ train: IMAGES, config: { ...CONFIG, ...more } });
    losses.add(epochs[0].trainLoss);
  }
  assert.equal(losses.size, 5);
});

Deno.test("validation and test images are never mirrored or shifted", async () => {
  // Nothing is learned, so all epochs have the same network.
  const config = { ...AUGMENTED, learningRate: 1e-30, epochs: 3 };
  const { epochs, end } = await runTraining({ train: IMAGES, test: TEST, config });
  const [first, ...others] = epochs;
  for (const { validationLoss, trainLoss } of others) {
    assert.equal(validationLoss, first.validationLoss);
    assert.notEqual(trainLoss, first.trainLoss);
  }
  const plain = { ...config, flip: false, shift: 0 };
  const run = await runTraining({ train: IMAGES, test: TEST, config: plain });
  assert.equal(run.epochs[0].validationLoss, first.validationLoss);
  assert.equal(run.end.testLoss, end.testLoss);
});

for (const backend of ["reference", "webgpu"] as const) {
  testUnless(
    backend === "webgpu" ? NO_ADAPTER : null,
    `augmented and standardized training is the same on wasm and ${backend}`,
    async () => {
      using one = await createBackend({ backend: "wasm" });
      using other = await createBackend({ backend });
      const options = { train: IMAGES, test: TEST, config: AUGMENTED };
      const run = await runTraining({ ...options, backend: one });
      const oracle = await runTraining({ ...options, backend: other });
      run.epochs.forEach(({ trainLoss, validationLoss }, i) => {
        assert(Math.abs(trainLoss - oracle.epochs[i].trainLoss) <= 2e-5);
        assert(Math.abs(validationLoss! - oracle.epochs[i].validationLoss!) <= 2e-5);
      });
    },
  );
}

Deno.test("the bits of augmented training do not depend on the number of threads", async () => {
  // Wide enough that every kernel is shared among them.
  const config = { ...AUGMENTED, hidden: [1500, 30], batchSize: 20 };
  const models = [];
  for (const threads of [1, 2, 3, 4]) {
    using backend = await createBackend({ backend: "wasm", threads });
    const { end } = await runTraining({ train: IMAGES, config, backend });
    models.push(end.model!.parameters);
  }
  for (const model of models) assert.deepEqual(model, models[0]);
});

/** The same images in three colors, of which each has its own share of the light. */
const COLORED = {
  rows: IMAGES.rows,
  features: Uint8Array.from(
    { length: 3 * IMAGES.pixels.length },
    (_, i) => IMAGES.pixels[Math.floor(i / 3)] >> (i % 3),
  ),
  shape: [IMAGES.height, IMAGES.width, 3],
  labels: IMAGES.labels,
};
const COLOR_AUGMENTED: Partial<TrainConfig> = { ...CONFIG, flip: true, shift: 1 };

Deno.test("color images are mirrored and shifted with the same bits for any number of threads", async () => {
  const config = { ...COLOR_AUGMENTED, hidden: [1500, 30], batchSize: 20 };
  const models = [];
  for (const threads of [1, 2, 3, 4]) {
    using backend = await createBackend({ backend: "wasm", threads });
    const { end } = await runTraining({ train: COLORED, config, backend });
    models.push(end.model!.parameters);
  }
  for (const model of models) assert.deepEqual(model, models[0]);
  const { end } = await runTraining({ train: COLORED, config: { ...config, flip: false } });
  assert.notDeepEqual(end.model!.parameters, models[0]);
});

for (const backend of ["reference", "webgpu"] as const) {
  testUnless(
    backend === "webgpu" ? NO_ADAPTER : null,
    `augmented color images train the same on wasm and ${backend}`,
    async () => {
      using one = await createBackend({ backend: "wasm" });
      using other = await createBackend({ backend });
      const options = { train: COLORED, config: COLOR_AUGMENTED };
      const run = await runTraining({ ...options, backend: one });
      const oracle = await runTraining({ ...options, backend: other });
      run.epochs.forEach(({ trainLoss, validationLoss }, i) => {
        assert(Math.abs(trainLoss - oracle.epochs[i].trainLoss) <= 2e-5);
        assert(Math.abs(validationLoss! - oracle.epochs[i].validationLoss!) <= 2e-5);
      });
    },
  );
}

Deno.test("a model of standardized training takes plain images", async () => {
  const rows = Uint32Array.from({ length: 60 }, (_, row) => row);
  const [learned, held] = [rows.subarray(0, 48), rows.subarray(48)];
  const options = { train: IMAGES, split: { train: learned, validation: held } };
  for (const hidden of [[5], []]) {
    const config = { ...CONFIG, hidden, standardize: true };
    const { end } = await runTraining({ ...options, config });
    const { loss, accuracy } = await evaluate(end.model!, pick(IMAGES, held));
    assert.equal(end.model!.inputScale, 1 / 255);
    assert.equal(accuracy, end.validationAccuracy);
    // Six inputs and five units, below 10 in all: some hundred roundings.
    assert(Math.abs(loss - end.validationLoss!) <= 100 * 10 * 2 ** -24);
  }
});

Deno.test("images to validate with may be the caller's, and all others are then trained on", async () => {
  const { start, epochs, end } = await runTraining({
    train: IMAGES,
    validation: TEST,
    test: TEST,
    config: CONFIG,
  });
  assert.deepEqual([start.trainRows, start.validationRows], [60, 12]);
  assert.equal(end.validationAccuracy, end.testAccuracy);
  assert(Math.abs(end.validationLoss! - end.testLoss!) < 1e-6);
  assert.equal(epochs.at(-1)!.validationLoss, end.validationLoss);
});

Deno.test("without validation rows there is no validation, and all rows are trained on", async () => {
  const config = { ...CONFIG, validation: 0 };
  const { start, epochs, end } = await runTraining({ train: IMAGES, test: TEST, config });
  assert.deepEqual([start.trainRows, start.validationRows, start.batches], [60, 0, 6]);
  for (const { trainLoss, validationLoss, validationAccuracy } of epochs) {
    assert(trainLoss > 0);
    assert.deepEqual([validationLoss, validationAccuracy], [null, null]);
  }
  const { validationLoss, validationAccuracy, bestEpoch, testAccuracy } = end;
  assert.deepEqual([validationLoss, validationAccuracy, bestEpoch], [null, null, null]);
  assert(testAccuracy !== null);
});

Deno.test("a network that breaks in the last batch is found out without validation, too", async () => {
  const activation = "relu" as const;
  const config = { ...CONFIG, activation, learningRate: 1e39, batchSize: 60, validation: 0 };
  const { end } = await runTraining({ train: IMAGES, config });
  assert.deepEqual([end.status, end.stoppedBy, end.model], ["diverged", "divergence", null]);
  assert.deepEqual(end.divergedAt, { epoch: 1, batch: null });
});

Deno.test("the fraction decides how many rows validate", async () => {
  const config = { ...CONFIG, validation: 0.35, epochs: 1 };
  const { start } = await runTraining({ train: IMAGES, config });
  assert.deepEqual([start.trainRows, start.validationRows], [39, 21]);
});

Deno.test("training on folds is training on the caller's split", async () => {
  for (const split of stratifiedFolds(IMAGES.labels, 4, 1)) {
    const { start, end } = await runTraining({ train: IMAGES, split, config: CONFIG });
    assert.deepEqual([start.trainRows, start.validationRows], [45, 15]);
    assert.equal(end.status, "completed");
  }
});

Deno.test("training stops when patience is over, and hands over the best network and the last", async () => {
  const config = { ...OVERFITTING, patience: 3 };
  const { epochs, end } = await runTraining({ train: NOISE, config });
  const losses = epochs.map(({ validationLoss }) => validationLoss!);
  const best = losses.indexOf(Math.min(...losses)) + 1;
  assert(best > 1 && epochs.length < 60, `best ${best} of ${epochs.length}`);
  assert.equal(epochs.length, best + 3);
  assert.deepEqual([end.status, end.stoppedBy, end.bestEpoch], ["completed", "patience", best]);
  assert.equal(end.validationLoss, losses[best - 1]);
  assert.equal(end.validationAccuracy, epochs[best - 1].validationAccuracy);

  const asFar = async (epochs: number) => {
    const { end } = await runTraining({ train: NOISE, config: { ...OVERFITTING, epochs } });
    return end.model;
  };
  assert.deepEqual(end.model, await asFar(best));
  assert.deepEqual(end.lastModel, await asFar(best + 3));

  const kept = await runTraining({ train: NOISE, config: { ...config, restoreBest: false } });
  assert.deepEqual([kept.end.model, kept.end.lastModel], [end.lastModel, null]);
  assert.equal(kept.end.bestEpoch, best);
});

Deno.test("the best network may be asked for without patience, and may be the last", async () => {
  const config = { ...OVERFITTING, restoreBest: true };
  const { end } = await runTraining({ ...GROWING_SURE, config });
  assert.equal(end.stoppedBy, "epochs");
  assert(end.bestEpoch! < 60 && end.lastModel);
  const { end: rising } = await runTraining({
    train: IMAGES,
    config: { ...CONFIG, restoreBest: true },
  });
  assert.deepEqual([rising.bestEpoch, rising.lastModel], [4, null]);
});

Deno.test("an interrupted run hands over the best network so far, and the one it had", async () => {
  const interruption = new AbortController();
  const { signal } = interruption;
  const events: TrainEvent[] = [];
  const config = { ...OVERFITTING, restoreBest: true };
  for await (const event of train({ ...GROWING_SURE, config, signal })) {
    events.push(event);
    if (event.type === "epoch" && event.epoch === 40) interruption.abort();
  }
  const end = events.at(-1)!;
  assert(end.type === "end" && end.stoppedBy === "interruption" && end.bestEpoch! < 40);
  const { end: shorter } = await runTraining({
    ...GROWING_SURE,
    config: { ...config, epochs: 40 },
  });
  assert(shorter.lastModel);
  assert.deepEqual([end.model, end.lastModel], [shorter.model, shorter.lastModel]);
});

Deno.test("augmented training that stops early ends with the same bits however it is cut", async () => {
  const config = { ...OVERFITTING, flip: true, shift: 1, standardize: true, patience: 2 };
  const options = { train: NOISE, test: TEST, config };
  const expected = await wholeRun(options);
  assert(expected.length < 40, `${expected.length - 1} epochs`);
  const kept: TrainEvent[] = [];
  let state: Uint8Array<ArrayBuffer> | null = null;
  let batches = 0;
  do {
    using backend = await createBackend({ backend: "wasm", threads: 1 + batches % 4 });
    using trainer = await Trainer.create({ ...options, backend, state });
    // Five batches, so that every place in an epoch of twelve is cut.
    for (let i = 0; i < 5; i++) {
      const slice = await trainer.step({ maxMs: 0 });
      kept.push(...slice.events.filter(({ type }) => type === "epoch" || type === "end"));
      state = slice.state;
      if (!state) break;
    }
    batches += 5;
  } while (state);
  assert.deepEqual(kept.map(lasting), expected);
});

Deno.test("a hold-out and a split belong to what must be the same", async () => {
  const options = { train: IMAGES, validation: TEST, config: CONFIG };
  const resume = await stateOf(options);
  assert.deepEqual(
    (await wholeRun({ ...options, resume })).at(-1),
    (await wholeRun(options)).at(-1),
  );
  const other = toyImages(12, 3, 3);
  await assert.rejects(
    () => runTraining({ ...options, validation: other, resume }),
    /validation data was/,
  );
  await assert.rejects(() => runTraining({ train: IMAGES, resume }), /validation data was/);
});

Deno.test("a state of a version without these options continues as the baseline does", async () => {
  const options = { train: IMAGES, config: CONFIG };
  const state = await stateOf(options);
  const older = JSON.parse(JSON.stringify({ ...state, tensors: null }));
  for (const name of ["flip", "shift", "standardize", "validation", "patience", "restoreBest"]) {
    delete older.identity.config[name];
  }
  delete older.progress.best;
  delete older.progress.validationLoss;
  const resume = await decodeState(await encodeState({ ...older, tensors: state.tensors }));
  const { end } = await runTraining({ ...options, resume });
  assert.deepEqual(end.model, (await runTraining(options)).end.model);
});

Deno.test("what cannot validate is refused in a line", async () => {
  const rows = (...numbers: number[]) => Uint32Array.from(numbers);
  const refusals: readonly [Partial<TrainOptions>, new () => Error, RegExp][] = [
    [
      { config: { validation: 0, patience: 2 } },
      UsageError,
      /^Cannot stop early without validation rows: /,
    ],
    [
      { config: { validation: 0, restoreBest: true } },
      UsageError,
      /^Cannot restore the best epoch without validation rows: /,
    ],
    [
      { split: { train: rows(1, 2), validation: rows() }, config: { patience: 1 } },
      UsageError,
      /^Cannot stop early without validation rows: /,
    ],
    [
      { split: { train: rows(1, 2), validation: rows(3) }, validation: TEST },
      UsageError,
      /^Cannot validate with images and with a split at once: /,
    ],
    [
      { split: { train: rows(1, 2), validation: rows(2) } },
      WeftError,
      /^Cannot train on this split: row 2 is in it twice; /,
    ],
    [
      { split: { train: rows(1, 60), validation: rows(2) } },
      WeftError,
      /^Cannot train on this split: row 60 is out of range \(0 to 59\); /,
    ],
    [
      { split: { train: rows(), validation: rows(2) } },
      WeftError,
      /^Cannot train on this split: it has no rows to train on; /,
    ],
    [
      { validation: toyImages(12, 4) },
      WeftError,
      /^Cannot evaluate the model on these images: a label is 3, /,
    ],
  ];
  for (const [options, kind, message] of refusals) {
    await assert.rejects(() => runTraining({ train: IMAGES, ...options }), (error) => {
      assert(error instanceof kind, `${error}`);
      assert.match((error as Error).message, message);
      return true;
    });
  }
});

/** Rows of `images` by number. */
function pick(images: LabeledImages, rows: Uint32Array): LabeledImages {
  const inputs = images.height * images.width;
  const pixels = [...rows].flatMap((row) => [
    ...images.pixels.subarray(row * inputs, (row + 1) * inputs),
  ]);
  const labels = Uint8Array.from(rows, (row) => images.labels[row]);
  return { ...images, rows: rows.length, pixels: Uint8Array.from(pixels), labels };
}

async function stateOf(options: TrainOptions): Promise<TrainingState> {
  using trainer = await Trainer.create(options);
  for (let batch = 0; batch < 8; batch++) await trainer.step({ maxMs: 0 });
  return await decodeState((await trainer.step({ maxMs: 0 })).state!);
}
