/** Networks that are said as a sequence of layers, from the configuration to what other tools compute. */
import assert from "node:assert/strict";
import { encodeOnnx } from "../../lib/interchange/onnx.ts";
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import {
  createBackend,
  decodeState,
  type Model,
  predictProbabilities,
  train,
  type TrainConfig,
  Trainer,
  type TrainOptions,
} from "../../lib/mod.ts";
import { predictorOf } from "../edge/models.ts";
import {
  digestOf,
  digestOfRun,
  digestOfSlices,
  GUARD_RUNS,
  optionsOf,
} from "../guards/guard_runs.ts";
import { requireSuccess, Workplace } from "../support/cli.ts";
import { runOnnx } from "../onnxruntime/mod.ts";
import { HEIGHT, stripedImage, WIDTH } from "../support/striped_images.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

const IMAGES = { train: toyImages(120, 3), test: toyImages(30, 3, 2) };

const MIXED: Partial<TrainConfig> = {
  layers: "dense 16, relu, dropout 0.2, dense 8, batch-norm, tanh, gelu",
  initializer: "he-normal",
  optimizer: "adamw",
  learningRate: 0.02,
  batchSize: 13,
  epochs: 6,
  freezeOutputBias: false,
};

/** What `layers` are in the place of the words of a run, and those put out of the way. */
function saidAsLayers(options: TrainOptions): TrainOptions {
  const { hidden = [100], activation = "sigmoid", batchNorm, dropout } = options.config!;
  const layers = hidden.flatMap((units) => [
    `dense ${units}`,
    ...batchNorm ? ["batch-norm"] : [],
    activation,
    ...dropout ? [`dropout ${dropout}`] : [],
  ]);
  const other = { hidden: [1], activation: "relu", batchNorm: false, dropout: 0 } as const;
  return { ...options, config: { ...options.config, ...other, layers: layers.join(", ") } };
}

for (const name of ["all layers, with rmsprop", "momentum and leaky relu"]) {
  Deno.test(`hidden layers that are said one by one have the bits of those that are not: ${name}`, async () => {
    const options = optionsOf(GUARD_RUNS[name]);
    assert.equal(await digestOfRun(saidAsLayers(options), 1), await digestOfRun(options, 1));
  });
}

Deno.test("a mixed sequence has the same bits with 1 to 4 threads, and however it is cut", async () => {
  const options = { ...IMAGES, config: MIXED };
  const expected = await digestOfRun(options, 1);
  for (const threads of [2, 3, 4]) assert.equal(await digestOfRun(options, threads), expected);
  assert.equal(await digestOfSlices(options, 3), expected);
});

Deno.test("a state of another sequence is not gone on from, and one without configuration is", async () => {
  using trainer = await Trainer.create({ ...IMAGES, config: MIXED });
  const { state } = await trainer.step({ maxBatches: 3 });
  const resume = await decodeState(state!);
  const layers = "dense 16, relu, dense 8, batch-norm, tanh, gelu";
  const other = train({ ...IMAGES, config: { ...MIXED, layers }, resume });
  await assert.rejects(
    other.next(),
    /layers was "dense 16, relu, dropout 0.2, .*" and is "dense 16, relu, dense 8, /,
  );
  const rest = await Array.fromAsync(train({ ...IMAGES, resume }));
  const whole = await Array.fromAsync(train({ ...IMAGES, config: MIXED }));
  assert.equal(await digestOf(rest), await digestOf(whole));
});

async function trained(config: Partial<TrainConfig>): Promise<Model> {
  using backend = await createBackend({ backend: "wasm", simd: "relaxed" });
  const { end } = await runTraining({ ...IMAGES, config, backend });
  assert(end.testAccuracy! > 0.9, `${end.testAccuracy}`);
  return end.model!;
}

Deno.test("a model of a mixed sequence is what was trained, in files, in onnxruntime and at the edge", async () => {
  const model = await trained(MIXED);
  assert.deepEqual(model.architecture, {
    inputs: 6,
    shape: [2, 3, 1],
    layers: ["dense 16", "relu", "dense 8", "tanh", "gelu"],
    outputs: 3,
  });
  assert.deepEqual(decodeModel(encodeModel(model), "the model"), model);
  const { pixels, rows } = IMAGES.test;
  using backend = await createBackend({ backend: "wasm", simd: "relaxed", threads: 1 });
  const expected = (await predictProbabilities(model, pixels, { backend })).flatMap((
    row,
  ) => [...row]);
  assert.deepEqual([...(await predictorOf(model)).predict(pixels)], expected);
  const [{ probabilities }] = await runOnnx([{ file: encodeOnnx(model), pixels, inputs: 6 }]);
  assert.equal(probabilities.length, 3 * rows);
  expected.forEach((probability, i) => assert(Math.abs(probability - probabilities[i]) <= 1e-5));
});

Deno.test("a perceptron that was said as layers is a file that every version reads", async () => {
  const model = await trained({
    ...MIXED,
    layers: "dense 16, tanh, dropout 0.1, dense 8, tanh",
  });
  assert.deepEqual(model.architecture, {
    inputs: 6,
    hidden: [16, 8],
    outputs: 3,
    activation: "tanh",
  });
  const text = new TextDecoder().decode(encodeModel(model));
  assert.match(text, /"format":"weft-mlp","formatVersion":"1"/);
});

Deno.test("a batch of one row is refused where one of the layers normalizes", async () => {
  const config = { ...MIXED, batchSize: 5, validation: 0 };
  const options = { train: toyImages(61, 3), config };
  await assert.rejects(
    train(options).next(),
    /^UsageError: Cannot normalize batches of 5: of 61 training/,
  );
});

Deno.test("layers are read when the configuration is, in one line where they cannot be used", async () => {
  const refusals: [layers: unknown, expected: RegExp][] = [
    [
      "dense 8, attention 3",
      /^UsageError: Cannot train with the layer "attention 3": layers are dense N/,
    ],
    ["relu", /^UsageError: Cannot train with "relu" for the first layer/],
    [[], /^UsageError: Cannot train with the layers \[\]: they must be a text/],
    ["dense 999999999, relu", /^UsageError: Cannot train a network of \d+ parameters: at most/],
  ];
  for (const [layers, expected] of refusals) {
    const config = { layers: layers as string };
    await assert.rejects(train({ ...IMAGES, config }).next(), expected);
  }
});

Deno.test("a file of version 2 is evaluated, used and exported on the command line", async () => {
  const labels = Uint8Array.from({ length: 90 }, (_, i) => i % 3);
  const pixels = new Uint8Array(await new Blob([...labels].map(stripedImage)).arrayBuffer());
  const images = { rows: 90, height: HEIGHT, width: WIDTH, pixels, labels };
  const { end } = await runTraining({ train: images, config: { ...MIXED, epochs: 20 } });
  await using workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("mixed.safetensors"), encodeModel(end.model!));
  const model = ["--model", "mixed.safetensors"];
  const data = ["--data-dir", "data"];
  const outputOf = async (...args: string[]) =>
    requireSuccess(await workplace.weft(...args, ...model, ...data, "--json")).stdout;
  const { accuracy } = JSON.parse(await outputOf("evaluate"));
  assert(accuracy > 0.9, `${accuracy}`);
  assert.equal((await outputOf("predict", "--index", "0,1,2")).trim().split("\n").length, 3);
  for (const format of ["edge", "onnx", "safetensors"]) {
    await outputOf("export", "--format", format);
  }
  const files = [...Deno.readDirSync(workplace.path("dist"))].map(({ name }) => name);
  assert(files.some((name) => name.endsWith(".onnx")), files.join());
});
