/** Training on float32 features, and what comes of it: evaluation, slices, model files, ONNX, the predictor. */
import assert from "node:assert/strict";
import { makeHandler } from "../../lib/edge/handler.ts";
import { encodeOnnx } from "../../lib/interchange/onnx.ts";
import {
  createBackend,
  evaluate,
  type LabeledFeatures,
  type Model,
  predict,
  predictProbabilities,
  type SampleData,
  train,
  type TrainConfig,
  Trainer,
  type TrainEvent,
} from "../../lib/mod.ts";
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import { NO_ADAPTER } from "../backends/adapter.ts";
import { testUnless } from "../support/cli.ts";
import { PAGE, predictorOf } from "../edge/models.ts";
import { floatRows } from "./float_rows.ts";
import { runOnnx } from "../onnxruntime/mod.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

const ROWS = floatRows(120);
const TEST = floatRows(30, 2);
const CONFIG: Partial<TrainConfig> = {
  hidden: [8],
  activation: "relu",
  initializer: "he-normal",
  optimizer: "adamw",
  learningRate: 0.02,
  batchSize: 16,
  epochs: 25,
};

async function trained(config: Partial<TrainConfig> = CONFIG): Promise<Model> {
  return (await runTraining({ train: ROWS, config })).end.model!;
}

Deno.test("float features are learned, and the model says what it takes", async () => {
  const { end } = await runTraining({ train: ROWS, test: TEST, config: CONFIG });
  const model = end.model!;
  assert.deepEqual(model.input, { element: "float32", shape: [5] });
  assert.deepEqual([model.height, model.width, model.inputScale], [1, 5, 1]);
  assert(end.testAccuracy! > 0.85, `${end.testAccuracy}`);
  const { accuracy, loss, rocAuc } = await evaluate(model, TEST);
  assert.deepEqual([accuracy, loss], [end.testAccuracy, end.testLoss]);
  assert(rocAuc! > 0.9);
  const classes = await predict(model, TEST.features as Float32Array);
  const right = classes.filter((label, row) => label === TEST.labels[row]).length;
  assert.equal(right / TEST.rows, accuracy);
});

Deno.test("features that are pixels divided by 255 lead to the losses of the pixels", async () => {
  const images = toyImages(60, 3);
  const { rows, labels } = images;
  const features = Float32Array.from(images.pixels, (value) => value / 255);
  const rowsOfFeatures = { rows, features, shape: [2, 3], labels };
  const config = { ...CONFIG, epochs: 4 };
  const [bytes, floats] = [
    await runTraining({ train: images, config }),
    await runTraining({ train: rowsOfFeatures, config }),
  ];
  for (const [epoch, { trainLoss, validationLoss }] of floats.epochs.entries()) {
    const expected = bytes.epochs[epoch];
    // Rows of a batch stand in another order, and the division is rounded elsewhere.
    assert(Math.abs(trainLoss - expected.trainLoss) < 1e-4, `epoch ${epoch}`);
    assert(Math.abs(validationLoss! - expected.validationLoss!) < 1e-4, `epoch ${epoch}`);
  }
});

Deno.test("bytes under the name of features are the same images, to the bit", async () => {
  const { rows, height, width, pixels, labels } = toyImages(60, 3);
  const ends = [];
  for (const shape of [[height, width], [height, width, 1]]) {
    const data = { rows, features: pixels, shape, labels };
    ends.push((await runTraining({ train: data, config: CONFIG })).end);
  }
  ends.push((await runTraining({ train: toyImages(60, 3), config: CONFIG })).end);
  const [first, ...others] = ends.map(({ model }) => encodeModel(model!).toBase64());
  for (const other of others) assert.equal(other, first);
});

Deno.test("bytes of several channels are learned in their own order", async () => {
  const { rows, pixels, labels } = toyImages(60, 3);
  const data: LabeledFeatures = { rows, features: pixels, shape: [1, 2, 3], labels };
  const { end } = await runTraining({ train: data, test: data, config: CONFIG });
  assert.deepEqual(end.model!.input, { element: "uint8", shape: [1, 2, 3] });
  assert.equal(end.testAccuracy, 1);
  const read = decodeModel(encodeModel(end.model!), "m");
  assert.deepEqual(read, end.model);
  const [a, b] = await Promise.all([end.model!, read].map((model) => predict(model, pixels)));
  assert.deepEqual(a, b);
});

Deno.test("weights have the same bits with 1 to 4 threads, and however training is cut", async () => {
  const config = { ...CONFIG, hidden: [300], batchSize: 64, epochs: 3 };
  const models: string[] = [];
  for (const threads of [1, 2, 3, 4]) {
    using backend = await createBackend({ backend: "wasm", simd: "strict", threads });
    const { end } = await runTraining({ train: ROWS, config, backend });
    models.push(encodeModel(end.model!).toBase64());
  }
  const events: TrainEvent[] = [];
  let state: Uint8Array<ArrayBuffer> | null = null;
  do {
    using backend = await createBackend({ backend: "wasm", simd: "strict", threads: 1 });
    using trainer: Trainer = await Trainer.create({ train: ROWS, config, backend, state });
    const slice = await trainer.step({ maxBatches: 1 });
    events.push(...slice.events);
    state = slice.state;
  } while (state);
  const end = events.at(-1)!;
  assert(end.type === "end");
  models.push(encodeModel(end.model!).toBase64());
  assert.equal(new Set(models).size, 1);
});

Deno.test("training resumes on the same features only", async () => {
  using trainer = await Trainer.create({ train: ROWS, config: CONFIG });
  const { state } = await trainer.step({ maxBatches: 1 });
  const others: [SampleData, RegExp][] = [
    [floatRows(120, 3), /^Cannot resume from this state: data was /],
    [{ ...ROWS, shape: [1, 5] }, /^Cannot resume from this state: shape was \[5\] and is /],
  ];
  for (const [train, message] of others) {
    using other = await Trainer.create({ train, config: CONFIG, state });
    await assert.rejects(other.step(), (error: Error) => message.test(error.message));
  }
});

for (const backend of ["reference", "webgpu"] as const) {
  testUnless(
    backend === "webgpu" ? NO_ADAPTER : null,
    `${backend} learns from float features what wasm does`,
    async () => {
      const losses: number[][] = [];
      for (const name of ["wasm", backend] as const) {
        using own = await createBackend({ backend: name });
        const { epochs } = await runTraining({
          train: ROWS,
          config: { ...CONFIG, epochs: 3 },
          backend: own,
        });
        losses.push(epochs.map(({ trainLoss }) => trainLoss));
      }
      losses[0].forEach((loss, i) => assert(Math.abs(loss - losses[1][i]) < 1e-4));
    },
  );
}

Deno.test("a model file says its input's element and shape, and predicts the same", async () => {
  const model = await trained();
  const bytes = encodeModel(model);
  const read = decodeModel(bytes, "m");
  assert.deepEqual(read, model);
  const features = TEST.features as Float32Array;
  assert.deepEqual(
    await predictProbabilities(read, features),
    await predictProbabilities(model, features),
  );
});

Deno.test("onnxruntime takes the features as they are, and agrees", async () => {
  const model = await trained();
  const features = TEST.features as Float32Array;
  const [{ signature, probabilities }] = await runOnnx([{
    file: encodeOnnx(model),
    features,
    inputs: 5,
  }]);
  assert.deepEqual(signature, ["features float32 [N, 5]", "probabilities float32 [N, 3]"]);
  const expected = (await predictProbabilities(model, features)).flatMap((row) => [...row]);
  expected.forEach((p, i) => assert(Math.abs(p - probabilities[i]) < 1e-5));
});

Deno.test("a predictor of float features has the bits of the library, and answers rows", async () => {
  const model = await trained();
  const features = (TEST.features as Float32Array).map((value) => Math.fround(value));
  const predictor = await predictorOf(model);
  using backend = await createBackend({ backend: "wasm", simd: "relaxed", threads: 1 });
  const expected = await predictProbabilities(model, features, { backend });
  assert.deepEqual([...predictor.predict(features)], expected.flatMap((row) => [...row]));
  const handler = makeHandler(predictor, PAGE);
  const send = async (body: unknown, type = "application/json") => {
    const response = await handler(
      new Request("http://edge/predict", {
        method: "POST",
        headers: { "content-type": type },
        body: JSON.stringify(body),
      }),
    );
    return { status: response.status, answer: await response.json() };
  };
  const rows = [0, 1].map((row) => [...features.slice(5 * row, 5 * row + 5)]);
  const { answer } = await send({ inputs: rows });
  assert.equal(answer.predictions.length, 2);
  assert.deepEqual(Object.values(answer.predictions[1].probabilities), [...expected[1]]);
  assert.deepEqual((await send({ inputs: rows[1] })).answer, answer.predictions[1]);
  const refused: [unknown, RegExp][] = [
    [{ pixels: [1] }, /it has no array "inputs"; send {"inputs": \[\[...\]\]}$/],
    [{ inputs: [] }, /"inputs" has no row/],
    [{ inputs: [[1, 2]] }, /row 0 has 2 numbers; send 5 numbers a row$/],
    [{ inputs: [[1, 2, 3, 4, "x"]] }, /number 4 of row 0 is "x"/],
    [{ inputs: [[1, 2, 3, 4, 1e39]] }, /number 4 of row 0 is 1e\+39/],
    [{ inputs: [[1, 2, 3, 4, 5], 6] }, /row 1 is 6, not an array/],
  ];
  for (const [body, message] of refused) {
    const { status, answer } = await send(body);
    assert.equal(status, 400);
    assert.match(answer.error, message);
  }
  assert.equal((await send("", "image/png")).status, 415);
  const page = await handler(new Request("http://edge/"));
  assert.match(await page.text(), /{"inputs": \[\[5 numbers\], ...\]}/);
});

/** As from JavaScript, which has no types. */
// deno-lint-ignore no-explicit-any -- whatever it hands over
type Anything = any;

const IMAGES = toyImages(60, 3);

const WRONG_TRAINING: readonly (readonly [Anything, RegExp])[] = [
  [{ train: undefined }, /: train is missing; give \{ rows, height, width, pixels, labels \} or /],
  [{ train: "rows" }, /: train is the text "rows"; give /],
  [{ train: { ...IMAGES, pixels: new Float32Array(360) } }, /: train.pixels is a Float32Array; /],
  [{ train: { ...IMAGES, pixels: new Float64Array(360) } }, /: train.pixels is a Float64Array; /],
  [{ train: { ...IMAGES, pixels: [...IMAGES.pixels] } }, /: train.pixels is an array; give /],
  [{ train: { ...IMAGES, pixels: null } }, /: train.pixels is null; give /],
  [{ train: { ...IMAGES, labels: ["yes", "no"] } }, /: train.labels is an array; give /],
  [{ train: { ...IMAGES, labels: new Uint16Array(60) } }, /: train.labels is a Uint16Array; /],
  [{ train: { ...IMAGES, labels: new Float32Array(60) } }, /: train.labels is a Float32Array; /],
  [{ train: { ...ROWS, features: [1, 2] } }, /: train.features is an array; give a Float32Array/],
  [{ train: { ...ROWS, shape: 5 } }, /: train.shape is 5; give \[features\], /],
  [{ train: { ...ROWS, shape: [] } }, /: train.shape is an array; give \[features\], /],
  [{ train: { ...ROWS, shape: ["5"] } }, /: shape\[0\] is 5; give a whole number/],
  [{ train: { ...ROWS, shape: [6] } }, /120 rows of 6 features are 720 numbers, but there are 600/],
  [
    { train: { ...ROWS, features: new Float32Array(600).fill(NaN, 7, 8) } },
    /has NaN in row 1, column 2/,
  ],
  [{ train: ROWS, classNames: "abc" }, /: classNames is the text "abc"; give an array of texts$/],
  [{ train: ROWS, classNames: ["a", 1, "c"] }, /: classNames\[1\] is 1; give an array of texts$/],
  [
    { train: ROWS, test: IMAGES },
    /they are 2 x 3 pixels, but the model takes 5 float32 features$/,
  ],
  [{ train: ROWS, test: { ...TEST, labels: [1] } }, /: test.labels is an array; give /],
  [{ train: ROWS, split: { train: [0, 1], validation: [2] } }, /: split.train is an array; give /],
  [
    { train: ROWS, config: { standardize: true } },
    /^Cannot standardize float32 features by one mean/,
  ],
  [{ train: ROWS, config: { flip: true } }, /^Cannot flip rows of 5 float32 features: /],
];

for (const [options, message] of WRONG_TRAINING) {
  Deno.test(`what training cannot take is refused in one line: ${message.source}`, async () => {
    await assert.rejects(
      () => Array.fromAsync(train(options)),
      (error: Error) => {
        assert.match(error.name, /^(UsageError|WeftError)$/, error.stack);
        assert.match(error.message, /^Cannot [^\n]+$/);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

Deno.test("what a model cannot take is refused in one line", async () => {
  const model = await trained();
  const refused: [() => Promise<unknown>, RegExp][] = [
    [() => predict(model, IMAGES.pixels as Anything), /features is a Uint8Array; give a Float32/],
    [
      () => predict(model, [1, 2, 3, 4, 5] as Anything),
      /features is an array; give a Float32Array/,
    ],
    [() => predict(model, new Float32Array(7)), /from 7 float32 features: the model takes 5 /],
    [() => predict(model, new Float32Array(5).fill(Infinity)), /features has Infinity in row 0/],
    [() => predict(undefined as Anything, new Float32Array(5)), /: model is missing; give a model/],
    [() => predict({} as Anything, new Float32Array(5)), /: model has no architecture and param/],
    [() => evaluate(model, IMAGES), /they are 2 x 3 pixels, but the model takes 5 float32 feat/],
    [() => evaluate(model, undefined as Anything), /: data is missing; give /],
    [() => evaluate(null as Anything, TEST), /: model is null; give a model/],
  ];
  for (const [run, message] of refused) {
    await assert.rejects(run, (error: Error) => {
      assert.match(error.name, /^(UsageError|WeftError)$/, error.stack);
      assert.match(error.message, message);
      return true;
    });
  }
});
