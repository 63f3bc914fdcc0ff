/** Whole runs with dropout, batch normalization, smoothed labels and weighted classes. */
import assert from "node:assert/strict";
import type { LabeledImages } from "../../lib/dataset/dataset.ts";
import { stratifiedSplit } from "../../lib/dataset/split.ts";
import {
  createBackend,
  type EpochEvent,
  evaluate,
  type Model,
  train,
  type TrainConfig,
  UsageError,
} from "../../lib/mod.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

const IMAGES = toyImages(240, 3);
/** 192 training rows: batches of 40, the last of 32. Wide enough that kernels are shared out among threads. */
const CONFIG: Partial<TrainConfig> = {
  hidden: [70, 33],
  activation: "gelu",
  batchSize: 40,
  epochs: 3,
  learningRate: 0.05,
  freezeOutputBias: false,
  dropout: 0.25,
  batchNorm: true,
  labelSmoothing: 0.1,
  classWeights: "balanced",
};

/** The images of some rows. */
function pick(images: LabeledImages, rows: Uint32Array): LabeledImages {
  const pixels = images.height * images.width;
  return {
    ...images,
    rows: rows.length,
    labels: Uint8Array.from(rows, (row) => images.labels[row]),
    pixels: Uint8Array.from(
      [...rows].flatMap((row) => [
        ...images.pixels.subarray(row * pixels, (row + 1) * pixels),
      ]),
    ),
  };
}

function bitsOf({ parameters }: Model): Uint8Array[] {
  return parameters.flatMap(({ weights, bias }) =>
    [weights, bias].map(({ buffer }) => new Uint8Array(buffer))
  );
}

async function modelOf(threads: number, simd: "strict" | "relaxed" | "auto"): Promise<Model> {
  using backend = await createBackend({ backend: "wasm", threads, simd });
  const { end } = await runTraining({ train: IMAGES, config: CONFIG, backend });
  return end.model!;
}

Deno.test("weights have the same bits whatever the number of threads", async () => {
  for (const simd of ["strict", "auto"] as const) {
    const expected = bitsOf(await modelOf(1, simd));
    for (const threads of [2, 3, 4]) {
      assert.deepEqual(bitsOf(await modelOf(threads, simd)), expected, `${threads} threads`);
    }
  }
});

Deno.test("the model, normalization folded in, is as good as training said of it", async () => {
  const { events, end } = await runTraining({ train: IMAGES, config: CONFIG });
  const last = events.findLast((event): event is EpochEvent => event.type === "epoch")!;
  const { validation } = stratifiedSplit(IMAGES.labels, 42);
  const { loss, accuracy } = await evaluate(end.model!, pick(IMAGES, validation));
  assert.equal(accuracy, last.validationAccuracy);
  assert.equal(accuracy, end.validationAccuracy);
  // Pixels are added in another order: 6 and at most 70 terms a layer, on losses of about 1.
  assert(Math.abs(loss - last.validationLoss!) <= 1e-5, `${loss} for ${last.validationLoss}`);
  for (const layer of end.model!.parameters) {
    assert.deepEqual(Object.keys(layer).sort(), ["bias", "weights"]);
  }
  assert(end.model!.parameters[0].bias.some((value) => value !== 0));
});

Deno.test("back ends lose alike, though they round otherwise", async () => {
  const losses = async (backend: "reference" | "wasm") => {
    using computing = await createBackend({ backend });
    const { events } = await runTraining({ train: IMAGES, config: CONFIG, backend: computing });
    return events.filter((event) => event.type === "epoch");
  };
  const [expected, actual] = [await losses("reference"), await losses("wasm")];
  expected.forEach(({ trainLoss, validationLoss }, i) => {
    // As for the golden runs: what float32 may be off in a few epochs.
    assert(Math.abs(actual[i].trainLoss - trainLoss) <= 2e-5);
    assert(Math.abs(actual[i].validationLoss! - validationLoss!) <= 2e-5);
  });
});

Deno.test("a state has what is normalized by, under PyTorch's names, and what the optimizer keeps of it", async () => {
  for await (
    const event of train({ train: IMAGES, config: CONFIG, checkpointEvery: { epochs: 1 } })
  ) {
    if (event.type !== "checkpoint") continue;
    const { tensors } = event.state;
    for (const [layer, width] of CONFIG.hidden!.entries()) {
      for (const name of ["weight", "bias", "running_mean", "running_var", "weight.residual"]) {
        assert.equal(tensors.get(`layers.${layer}.norm.${name}`)?.length, width, name);
      }
      assert(!tensors.has(`layers.${layer}.bias.residual`));
      assert(tensors.get(`layers.${layer}.norm.running_var`)!.every((value) => value > 0));
    }
    assert(!tensors.has("layers.2.norm.weight"));
  }
});

Deno.test("a weight of 2 for every class is as none, and a smoothing of 0 has the bits of none", async () => {
  const run = async (config: Partial<TrainConfig>) => {
    const { end } = await runTraining({
      train: IMAGES,
      config: { epochs: 2, hidden: [5], ...config },
    });
    return end.model!;
  };
  const expected = await run({});
  assert.deepEqual(
    bitsOf(await run({ labelSmoothing: 0, classWeights: "none" })),
    bitsOf(expected),
  );
  const weighted = await run({ classWeights: [2, 2, 2] });
  expected.parameters.forEach(({ weights }, l) =>
    weights.forEach((value, i) =>
      assert(Math.abs(weighted.parameters[l].weights[i] - value) <= 1e-5)
    )
  );
});

Deno.test("what does not fit the data is refused in one line before training", async () => {
  const cases: [Partial<TrainConfig>, string][] = [
    [
      { batchNorm: true, batchSize: 191 },
      "Cannot normalize batches of 191: of 192 training rows the last one has a single row, which has no variance; " +
      "use another batch size, or no batch normalization",
    ],
    [
      { classWeights: [1, 2] },
      "Cannot train with 2 class weights: there are 3 classes; give one for each",
    ],
  ];
  for (const [config, message] of cases) {
    await assert.rejects(() => runTraining({ train: IMAGES, config }), (error) => {
      assert(error instanceof UsageError);
      assert.equal(error.message, message);
      return true;
    });
  }
});
