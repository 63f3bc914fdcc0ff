/** What a training run yields, and how it can end. */
import assert from "node:assert/strict";
import {
  createBackend,
  PRESETS,
  train,
  type TrainConfig,
  UsageError,
  WeftError,
} from "../../lib/mod.ts";
import type { Backend } from "../../lib/backend/mod.ts";
import { createReference } from "../../lib/backends/reference/reference_backend.ts";
import type { Perceptron } from "../../lib/mod.ts";
import { standardNormal } from "../support/networks.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

const IMAGES = toyImages(60, 3);
const TEST = toyImages(12, 3, 2);
const CONFIG: Partial<TrainConfig> = { hidden: [5], batchSize: 10, epochs: 3, learningRate: 0.5 };

Deno.test("a run starts, passes through its epochs and ends", async () => {
  const { events, start, epochs, end } = await runTraining({ train: IMAGES, config: CONFIG });
  const milestones = events.filter(({ type }) => type !== "progress").map(({ type }) => type);
  assert.deepEqual(milestones, ["start", "epoch", "epoch", "epoch", "end"]);

  const { environment, ...counts } = start;
  const expected = {
    parameters: 6 * 5 + 5 + 5 * 3 + 3,
    trainRows: 48,
    validationRows: 12,
    batches: 5,
  };
  assert.deepEqual(counts, { type: "start", ...expected });
  assert.equal(environment.backend, "wasm");

  assert.deepEqual(epochs.map(({ epoch }) => epoch), [1, 2, 3]);
  for (
    const { trainLoss, trainAccuracy, validationLoss, validationAccuracy, learningRate } of epochs
  ) {
    assert(trainLoss > 0 && validationLoss! > 0);
    assert(Number.isInteger(trainAccuracy * 48) && Number.isInteger(validationAccuracy! * 12));
    assert.equal(learningRate, 0.5);
  }
  assert.equal(end.status, "completed");
  assert.equal(end.divergedAt, null);
  assert.equal(end.validationAccuracy, epochs[2].validationAccuracy);
});

Deno.test("a run reports its progress now and then, in step with its epochs", async () => {
  using _clock = tickingClock();
  let epoch = 1;
  let batch = 0;
  for await (const event of train({ train: IMAGES, config: { ...CONFIG, batchSize: 1 } })) {
    if (event.type === "progress") {
      assert.deepEqual([event.epoch, event.batches], [epoch, 48]);
      assert(event.batch > batch && event.batch <= 48);
      batch = event.batch;
    } else if (event.type === "epoch") {
      assert(batch > 0, `epoch ${epoch} was reported on`);
      [epoch, batch] = [event.epoch + 1, 0];
    }
  }
});

Deno.test("toy images are learned, and the end describes the model", async () => {
  const classNames = ["left", "middle", "right"];
  const config = { ...CONFIG, epochs: 60 };
  const { end } = await runTraining({ train: IMAGES, test: TEST, classNames, config });
  const model = end.model!;
  assert.deepEqual(model.architecture, {
    inputs: 6,
    hidden: [5],
    outputs: 3,
    activation: "sigmoid",
  });
  const { height, width, inputScale, preset } = model;
  assert.deepEqual([height, width, inputScale, preset], [2, 3, 1 / 255, "baseline"]);
  assert.deepEqual(model.classNames, classNames);
  assert.equal(end.testAccuracy, 1);
  assert(end.testLoss! < 0.5);
  assert.deepEqual(end.confusionMatrix, [[4, 0, 0], [0, 4, 0], [0, 0, 4]]);
  const perfect = { precision: 1, recall: 1, f1: 1, support: 4 };
  assert.deepEqual(end.perClass, classNames.map((name) => ({ name, ...perfect })));
});

/** The same images, each pixel a block of 4 x 4: room for two pools. */
function enlarged({ rows, height, width, pixels, labels }: typeof IMAGES): typeof IMAGES {
  const [down, across] = [4 * height, 4 * width];
  const larger = Uint8Array.from({ length: rows * down * across }, (_, i) => {
    const [row, place] = [Math.floor(i / (down * across)), i % (down * across)];
    const [y, x] = [Math.floor(place / across / 4), Math.floor(place % across / 4)];
    return pixels[(row * height + y) * width + x];
  });
  return { rows, height: down, width: across, pixels: larger, labels };
}

Deno.test("every preset trains on toy images, and the model says which it was", async () => {
  for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[]) {
    const { layers } = PRESETS[preset];
    const { start, epochs, end } = await runTraining({
      train: layers === null ? IMAGES : enlarged(IMAGES),
      preset,
      config: { epochs: 1 },
    });
    assert.equal(start.validationRows, Math.round(60 * PRESETS[preset].validation), preset);
    assert(epochs.length === 1 && Number.isFinite(epochs[0].trainLoss), preset);
    assert.equal(end.status, "completed");
    assert.equal(end.model!.preset, preset);
    if (layers !== null) continue;
    const { hidden } = end.model!.architecture as Perceptron;
    assert.deepEqual(hidden, [...PRESETS[preset].hidden]);
  }
});

Deno.test("without a test set nothing is said of one", async () => {
  const { end } = await runTraining({ train: IMAGES, config: CONFIG });
  const { testAccuracy, testLoss, confusionMatrix, perClass } = end;
  assert.deepEqual([testAccuracy, testLoss, confusionMatrix, perClass], [null, null, null, null]);
});

Deno.test("a network that is not finite on the test set has diverged, whatever validates", async () => {
  // The only step leads to weights that are finite, and to sums that are not.
  const config = { ...CONFIG, hidden: [5], validation: 0, epochs: 1, learningRate: 1e38 };
  const all = { ...config, activation: "relu", batchSize: IMAGES.rows } as const;
  const { end } = await runTraining({ train: IMAGES, test: TEST, config: all });
  assert.deepEqual([end.status, end.model, end.testAccuracy], ["diverged", null, null]);
  assert.deepEqual(end.divergedAt, { epoch: 1, batch: null });
});

Deno.test("two runs give the same bits, on one back end or on two", async () => {
  using backend = await createBackend();
  const options = { train: IMAGES, config: { ...CONFIG, batchSize: 7 } };
  const models = [];
  for (const shared of [{ backend }, { backend }, {}]) {
    const { end } = await runTraining({ ...options, ...shared });
    models.push(end.model!.parameters);
  }
  assert.deepEqual(models[1], models[0]);
  assert.deepEqual(models[2], models[0]);
});

Deno.test("the bits do not depend on the number of threads, in either build", async () => {
  // Wide enough that every kernel is shared among them.
  const config = { ...CONFIG, hidden: [1500, 30], batchSize: 20 };
  for (const simd of ["auto", "strict"] as const) {
    const models = [];
    for (const threads of [1, 2, 3, 4]) {
      using backend = await createBackend({ backend: "wasm", threads, simd });
      const { end } = await runTraining({ train: IMAGES, config, backend });
      models.push(end.model!.parameters);
    }
    for (const model of models) assert.deepEqual(model, models[0]);
  }
});

Deno.test("the seeds decide: another seed is another network", async () => {
  const models = [];
  for (
    const seeds of [{ seed: 1, splitSeed: 1 }, { seed: 2, splitSeed: 1 }, { seed: 1, splitSeed: 2 }]
  ) {
    const { end } = await runTraining({ train: IMAGES, config: { ...CONFIG, ...seeds } });
    models.push(end.model!.parameters);
  }
  assert.notDeepEqual(models[1], models[0]);
  assert.notDeepEqual(models[2], models[0]);
});

Deno.test("a run that is interrupted finishes its batch and hands over the network as it is", async () => {
  const interruption = new AbortController();
  /** Interrupts in the middle of the eighth batch, the third of the second epoch. */
  const reference = createReference();
  let [batches, updates] = [0, 0];
  const backend: Backend = {
    ...reference,
    columnSums(...operands) {
      // Once a batch: of the two biases only the hidden layer's is trained.
      if (++batches === 8) interruption.abort();
      reference.columnSums(...operands);
    },
    update(...operands) {
      updates++;
      reference.update(...operands);
    },
  };
  const { signal } = interruption;
  const options = { train: IMAGES, test: TEST, config: CONFIG, backend, signal };
  const { events, end } = await runTraining(options);
  const milestones = events.filter(({ type }) => type !== "progress").map(({ type }) => type);
  assert.deepEqual(milestones, ["start", "epoch", "end"]);
  assert.equal(end.status, "interrupted");
  assert.deepEqual([batches, updates], [8, 8 * 3]);
  assert(end.model!.parameters.every(({ weights }) => weights.every(Number.isFinite)));
  assert(end.validationAccuracy !== null && end.testAccuracy !== null);
});

Deno.test("a run that is interrupted before it starts hands over the initial network", async () => {
  const { events, end } = await runTraining({
    train: IMAGES,
    config: CONFIG,
    signal: AbortSignal.abort(),
  });
  assert.deepEqual(events.map(({ type }) => type), ["start", "end"]);
  assert.equal(end.status, "interrupted");
  const { architecture, parameters } = end.model!;
  assert.deepEqual(parameters, standardNormal(architecture, new NumpyRandomState(42)));
});

Deno.test("a run that diverges at once says where, and has no network to hand over", async () => {
  const config = { ...CONFIG, activation: "relu" as const, learningRate: 1e30 };
  const { epochs, end } = await runTraining({ train: IMAGES, test: TEST, config });
  assert.equal(end.status, "diverged");
  assert.equal(epochs.length, 1);
  assert.equal(end.divergedAt!.epoch, 1);
  const batch = end.divergedAt!.batch!;
  assert(batch >= 2 && batch <= 5, `batch ${batch}: the first has the initial weights`);
  assert.deepEqual([end.model, end.validationAccuracy, end.testAccuracy], [null, null, null]);
});

Deno.test("a run that diverges later hands over the network of the last good epoch", async () => {
  // Each step multiplies the weights by 1 - 0.5 * 200 / 10 = -9, so they overflow after some 40.
  const config = { ...CONFIG, l2: 200, epochs: 100 };
  const { epochs, end } = await runTraining({ train: IMAGES, config });
  assert.equal(end.status, "diverged");
  const { epoch } = end.divergedAt!;
  assert(epoch > 2 && epoch < 12);
  assert.equal(epochs.length, epoch);
  const shorter = await runTraining({ train: IMAGES, config: { ...config, epochs: epoch - 1 } });
  assert.equal(shorter.end.status, "completed");
  assert.deepEqual(end.model, shorter.end.model);
  assert.equal(end.validationAccuracy, shorter.end.validationAccuracy);
});

Deno.test("a run whose validation alone diverges names no batch", async () => {
  // The one batch of the epoch is met before the update that breaks the weights.
  const config = { ...CONFIG, activation: "relu" as const, learningRate: 1e38, batchSize: 48 };
  const { epochs, end } = await runTraining({ train: IMAGES, config });
  assert.deepEqual(end.divergedAt, { epoch: 1, batch: null });
  assert(Number.isFinite(epochs[0].trainLoss) && !Number.isFinite(epochs[0].validationLoss));
});

Deno.test("classes without names are numbered; names may be more than the labels use", async () => {
  const numbered = await runTraining({ train: IMAGES, config: CONFIG });
  assert.deepEqual(numbered.end.model!.classNames, ["0", "1", "2"]);
  const classNames = ["a", "b", "c", "d"];
  const { end } = await runTraining({ train: IMAGES, classNames, config: CONFIG });
  assert.equal(end.model!.architecture.outputs, 4);
});

Deno.test("what cannot be trained is refused before anything is computed", async () => {
  const refusals: readonly [Parameters<typeof train>[0], new () => Error, string][] = [
    [
      { train: IMAGES, classNames: ["a", "b"] },
      WeftError,
      "Cannot train with 2 class names: a label is 2, so there are 3 classes",
    ],
    [
      { train: IMAGES, preset: "best" },
      UsageError,
      'Cannot train with the preset "best": presets are baseline, small, accurate, conv, conv-accurate, images, tabular',
    ],
    [
      { train: IMAGES, config: { epochs: 1.5 } },
      UsageError,
      "Cannot train with a number of epochs of 1.5: it must be a whole number of at least 1",
    ],
    [
      { train: { ...IMAGES, rows: 61 } },
      WeftError,
      "Cannot train on these images: 61 rows of 2 x 3 pixels are 366 bytes, but there are 360; give a byte a pixel",
    ],
    [
      { train: { ...IMAGES, labels: IMAGES.labels.subarray(1) } },
      WeftError,
      "Cannot train on these images: there are 59 labels for 60 rows; give a label a row",
    ],
    [
      { train: { ...IMAGES, width: 1.5 } },
      WeftError,
      "Cannot train on these images: width is 1.5; give a whole number of at least 1",
    ],
    [
      { train: IMAGES, test: { ...TEST, rows: 0 } },
      WeftError,
      "Cannot evaluate the model on these images: rows is 0; give a whole number of at least 1",
    ],
    [
      { train: IMAGES, test: { ...TEST, height: 3, width: 2 } },
      WeftError,
      "Cannot evaluate the model on these images: they are 3 x 2 pixels, but the model takes 2 x 3",
    ],
    [
      { train: IMAGES, test: toyImages(12, 4) },
      WeftError,
      "Cannot evaluate the model on these images: a label is 3, but the model knows the classes 0 to 2",
    ],
  ];
  for (const [options, kind, message] of refusals) {
    await assert.rejects(() => train(options).next(), (error) => {
      assert(error instanceof kind, `${error}`);
      assert.equal(error.message, message);
      return true;
    });
  }
});

/**
 * Every look at the clock takes 10 ms, so that what is due after a time is due after so many looks.
 */
function tickingClock(): Disposable {
  const { now } = performance;
  let time = 0;
  performance.now = () => time += 10;
  return { [Symbol.dispose]: () => void (performance.now = now) };
}

Deno.test("an epoch's learning rate is that of its last step", async () => {
  const options = { train: toyImages(60, 3), config: { batchSize: 10, epochs: 4, hidden: [3] } };
  const ratesOf = async (config: Partial<TrainConfig>) => {
    const { epochs } = await runTraining({ ...options, config: { ...options.config, ...config } });
    return epochs.map(({ learningRate }) => learningRate);
  };
  // Four fifths of the rows train: five steps an epoch.
  assert.deepEqual(await ratesOf({ learningRate: 0.25 }), [0.25, 0.25, 0.25, 0.25]);
  const halved = {
    learningRate: 0.25,
    schedule: "step",
    scheduleStep: 2,
    scheduleFactor: 0.5,
  } as const;
  assert.deepEqual(await ratesOf(halved), [0.25, 0.25, 0.125, 0.125]);
  const rising = { learningRate: 0.25, warmup: 2 };
  assert.deepEqual(await ratesOf(rising), [0.125, 0.25, 0.25, 0.25]);
});
