/** Networks with convolutions, from the configuration to what other tools compute. */
import assert from "node:assert/strict";
import { encodeOnnx } from "../../lib/interchange/onnx.ts";
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import {
  createBackend,
  type LabeledFeatures,
  type Model,
  predictProbabilities,
  train,
  type TrainConfig,
} from "../../lib/mod.ts";
import { packLayers } from "../../lib/edge/export/predictor_files.ts";
import { withPackedWeights } from "../../lib/edge/export/quantize.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { predictorOf } from "../edge/models.ts";
import { digestOfRun, digestOfSlices } from "../guards/guard_runs.ts";
import { runOnnx } from "../onnxruntime/mod.ts";
import { runTraining } from "./training_run.ts";

const CLASSES = 2;

/** Images with bright rows (class 0) or columns (class 1), a third of them, wherever they begin. */
function stripes(rows: number, shape: readonly number[], seed: number): LabeledFeatures {
  const random = new NumpyRandomState(seed);
  const [height, width, channels] = shape;
  const features = new Uint8Array(rows * height * width * channels);
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % CLASSES);
  for (let row = 0, at = 0; row < rows; row++) {
    const first = Math.floor(3 * random.randomSample());
    for (let place = 0; place < height * width; place++) {
      const line = labels[row] === 0 ? Math.floor(place / width) : place % width;
      const isBright = (line + first) % 3 === 0;
      for (let c = 0; c < channels; c++) {
        features[at++] = (isBright ? 100 : 0) + Math.floor(120 * random.randomSample());
      }
    }
  }
  return { rows, shape, features, labels };
}

const CONFIG: Partial<TrainConfig> = {
  initializer: "he-normal",
  optimizer: "adamw",
  learningRate: 0.02,
  batchSize: 13,
  epochs: 8,
  freezeOutputBias: false,
  flip: true,
  shift: 1,
};

/** What has every kind of layer, and every way of going over an image. */
const NETWORKS: readonly (readonly [layers: string, shape: readonly number[]])[] = [
  [
    "conv 16 3x3, batch-norm, relu, pool 2, conv 16 3x3, batch-norm, relu, pool 2, dense 8, relu",
    [9, 11, 1],
  ],
  [
    "conv 8 3x3, batch-norm, relu, pool 2, conv 8 3x3, batch-norm, relu, dropout 0.1, dense 8, relu",
    [9, 8, 1],
  ],
  ["conv 6 3x3 stride 2, relu, conv 12 3x3 groups 6, gelu, avg-pool 2, dense 8, tanh", [10, 9, 3]],
  ["conv 6 3x3 valid, leaky-relu, conv 6 3x3 groups 6, batch-norm, relu, global-average", [
    8,
    8,
    1,
  ]],
];

Deno.test("networks with convolutions have the same bits with 1 to 4 threads, and however they are cut", async () => {
  for (const [layers, shape] of NETWORKS.slice(0, 2)) {
    const run = { train: stripes(120, shape, 1), config: { ...CONFIG, layers } };
    const expected = await digestOfRun(run, 1);
    for (const threads of [2, 3, 4]) assert.equal(await digestOfRun(run, threads), expected);
    assert.equal(await digestOfSlices(run, 3), expected);
  }
});

async function trained(layers: string, shape: readonly number[]): Promise<Model> {
  using backend = await createBackend({ backend: "wasm", simd: "relaxed" });
  const data = { train: stripes(240, shape, 1), test: stripes(60, shape, 2) };
  const { end } = await runTraining({ ...data, config: { ...CONFIG, layers }, backend });
  assert(end.testAccuracy! > 0.9, `${end.testAccuracy}`);
  return end.model!;
}

for (const [layers, shape] of NETWORKS) {
  Deno.test(`a model is what was trained, in files, in onnxruntime and at the edge: ${layers}`, async () => {
    const model = await trained(layers, shape);
    assert.deepEqual(decodeModel(encodeModel(model), "the model"), model);
    const { features: pixels, rows } = stripes(90, shape, 3);
    using backend = await createBackend({ backend: "wasm", simd: "relaxed", threads: 1 });
    const of = async (model: Model) =>
      (await predictProbabilities(model, pixels as Uint8Array, { backend })).flatMap((
        row,
      ) => [...row]);
    const expected = await of(model);
    assert.deepEqual([...(await predictorOf(model)).predict(pixels)], expected);
    const quantized = withPackedWeights(model, packLayers(model, "int8"));
    assert.deepEqual([...(await predictorOf(model, "int8")).predict(pixels)], await of(quantized));

    const inputs = pixels.length / rows;
    const [{ probabilities }] = await runOnnx([
      { file: encodeOnnx(model), pixels: pixels as Uint8Array, inputs },
    ]);
    assert.equal(probabilities.length, CLASSES * rows);
    expected.forEach((probability, i) => assert(Math.abs(probability - probabilities[i]) <= 1e-5));
  });
}

Deno.test("what an image cannot go through is refused in one line, with the layer and both sizes", async () => {
  const images = stripes(30, [6, 5, 3], 1);
  const refusals: [layers: string, expected: RegExp, more?: Partial<TrainConfig>][] = [
    [
      "conv 4 7x7 valid",
      /^UsageError: Cannot train with "conv 4 7x7 valid": its window of 7 x 7 pixels is larger than its input of 6 x 5; /,
    ],
    [
      "conv 4 3x3, pool 2, pool 2, pool 2",
      /^UsageError: Cannot train with "pool 2": its window of 2 x 2 pixels is larger than its input of 1 x 1; /,
    ],
    [
      "conv 4 3x3, avg-pool 6",
      /^UsageError: Cannot train with "avg-pool 6": its window of 6 x 6 pixels is larger than its input of 6 x 5; /,
    ],
    [
      "conv 4 3x3 groups 2",
      /^UsageError: Cannot train with "conv 4 3x3 groups 2": its groups must divide its input's 3 channels and its own 4, and 2 does not/,
    ],
    [
      "dense 8, relu, conv 4 3x3",
      /^UsageError: Cannot train with "conv 4 3x3": it takes images of /,
    ],
    [
      "conv 4 3x3, global-average, pool 2",
      /^UsageError: Cannot train with "pool 2": it takes images /,
    ],
    [
      "pool 2, conv 4 3x3",
      /^UsageError: Cannot train with "pool 2" for the first layer: .*conv N KxK$/,
    ],
  ];
  for (const [layers, expected, more] of refusals) {
    const config = { ...CONFIG, ...more, layers };
    await assert.rejects(train({ train: images, config }).next(), expected);
  }
  const gray = stripes(30, [6, 5, 1], 1);
  const standardized = { ...CONFIG, layers: "conv 4 3x3", standardize: true };
  await assert.rejects(
    train({ train: gray, config: standardized }).next(),
    /^UsageError: Cannot standardize the input of "conv 4 3x3": .* leave standardize out/,
  );
  const rows = { ...gray, features: new Float32Array(900), shape: [30] };
  await assert.rejects(
    train({ train: rows, config: { ...CONFIG, layers: "conv 4 3x3", flip: false, shift: 0 } })
      .next(),
    /^UsageError: Cannot train with "conv 4 3x3": it takes images of height x width x channels, and its input is a row/,
  );
});

Deno.test("float32 images are convolved as they are", async () => {
  const bytes = stripes(240, [8, 8, 2], 1);
  const images = {
    ...bytes,
    features: Float32Array.from(bytes.features, (value) => value / 128 - 1),
  };
  const config = { ...CONFIG, layers: NETWORKS[2][0], flip: false, shift: 0 };
  const { end } = await runTraining({ train: images, test: images, config });
  assert(end.testAccuracy! > 0.9, `${end.testAccuracy}`);
});
