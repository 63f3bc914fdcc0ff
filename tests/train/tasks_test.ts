/** Tasks other than classification, from rows to answers: training, evaluation, slices, files, ONNX, the predictor. */
import assert from "node:assert/strict";
import { makeHandler } from "../../lib/edge/handler.ts";
import { encodeOnnx } from "../../lib/interchange/onnx.ts";
import {
  createBackend,
  type EndEvent,
  evaluate,
  type Model,
  predict,
  predictProbabilities,
  type TargetedFeatures,
  type TrainConfig,
  Trainer,
  type TrainEvent,
  type TrainOptions,
} from "../../lib/mod.ts";
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import { PAGE, predictorOf } from "../edge/models.ts";
import { runOnnx } from "../onnxruntime/mod.ts";
import { diabetes, type Parts, passengers, SEEDS, TAG_NAMES, tags } from "./task_data.ts";
import { runTraining } from "./training_run.ts";

/** What somebody would choose for a table: a small network, the best epoch. */
const TABLE: Partial<TrainConfig> = {
  hidden: [4],
  activation: "relu",
  initializer: "he-normal",
  optimizer: "adamw",
  learningRate: 0.005,
  weightDecay: 0.1,
  batchSize: 32,
  epochs: 100,
  patience: 10,
  restoreBest: true,
  freezeOutputBias: false,
};
const TAGS = { ...TABLE, hidden: [64], dropout: 0.3 };
const PASSENGERS = { ...TABLE, hidden: [32], dropout: 0.3, weightDecay: 1 };

/** [parts of a seed, configuration, metric, at least so much in the mean over the seeds]. */
const BARS: Readonly<
  Record<string, readonly [(seed: number) => Parts, Partial<TrainConfig>, string, number]>
> = {
  "diabetes, regression": [diabetes, TABLE, "r2", 0.5],
  "tags, multi-label": [tags, TAGS, "microF1", 0.74],
  "passengers, binary": [passengers, PASSENGERS, "accuracy", 0.76],
};

const strict = () => createBackend({ backend: "wasm", simd: "strict", threads: 1 });

for (const [name, [parts, config, metric, least]] of Object.entries(BARS)) {
  Deno.test(`${name}: ${metric} is at least ${least} in the mean of five test quarters`, async () => {
    using backend = await strict();
    let sum = 0;
    for (const seed of SEEDS) {
      const { end } = await runTraining({ ...parts(seed), config, backend });
      assert.equal(end.status, "completed");
      sum += end.test![metric]!;
    }
    assert(sum / SEEDS.length >= least, `${sum / SEEDS.length}`);
  });
}

const SHORT: Partial<TrainConfig> = {
  ...TABLE,
  hidden: [8],
  epochs: 4,
  patience: 0,
  restoreBest: false,
};

/** A few rows of each task, quick to train on. */
const TASKS: Readonly<Record<string, Parts & { readonly names?: readonly string[] }>> = {
  binary: { ...passengers(0), names: ["died", "survived"] },
  "multi-label": { ...tags(0), names: TAG_NAMES },
  regression: diabetes(0),
};

function optionsOf(task: string, config: Partial<TrainConfig> = SHORT): TrainOptions {
  const { names, ...parts } = TASKS[task];
  return { ...parts, config, ...(names ? { classNames: names } : {}) };
}

async function modelOf(task: string): Promise<Model> {
  return (await runTraining(optionsOf(task))).end.model!;
}

const featuresOf = (data: TargetedFeatures) => data.features as Float32Array;

/** Of the test set: tables that its metrics follow from. */
function requireDetails(end: EndEvent, { rows, targets }: TargetedFeatures): void {
  const { confusionMatrix, perClass, predictions, test } = end;
  const close = (a: number, b: number) =>
    assert(Math.abs(a - b) <= 1e-6 * Math.abs(b), `${a} ${b}`);
  switch (targets.task) {
    case "binary": {
      const [[tn, fp], [fn, tp]] = confusionMatrix!;
      assert.equal(tn + fp + fn + tp, rows);
      assert.equal((tn + tp) / rows, test!.accuracy);
      assert.deepEqual(perClass!.map(({ name }) => name), ["died", "survived"]);
      assert.deepEqual([perClass![1].recall, perClass![1].f1], [test!.recall, test!.f1]);
      assert.equal(predictions, null);
      break;
    }
    case "multi-label":
      assert.deepEqual(perClass!.map(({ name }) => name), TAG_NAMES);
      close(
        perClass!.reduce((sum, { f1 }) => sum + (f1 ?? 0), 0) / TAG_NAMES.length,
        test!.macroF1!,
      );
      assert.deepEqual([confusionMatrix, predictions], [null, null]);
      break;
    default: {
      const [{ name, actual, predicted }] = predictions!;
      assert.deepEqual([name, actual.length], ["progression", rows]);
      const errors = actual.reduce((sum, it, i) => sum + (it - predicted[i]) ** 2, 0);
      close(Math.sqrt(errors / rows), test!.rmse!);
      assert.deepEqual([confusionMatrix, perClass], [null, null]);
    }
  }
}

const METRICS: Readonly<Record<string, readonly string[]>> = {
  binary: ["accuracy", "precision", "recall", "f1", "rocAuc", "prAuc"],
  "multi-label": ["microF1", "macroF1", "subsetAccuracy"],
  regression: ["rmse", "mae", "r2"],
};

for (const task of Object.keys(TASKS)) {
  const { test } = TASKS[task];

  Deno.test(`${task}: epochs, the end and evaluate say the same metrics by name`, async () => {
    using backend = await strict();
    const { epochs, end } = await runTraining({ ...optionsOf(task), backend });
    for (const { train, validation, trainLoss, validationLoss } of epochs) {
      assert.deepEqual(Object.keys(train), METRICS[task]);
      assert.deepEqual(Object.keys(validation!), METRICS[task]);
      assert(Number.isFinite(trainLoss) && Number.isFinite(validationLoss));
    }
    const last = epochs.at(-1)!;
    assert.deepEqual(end.validation, { loss: last.validationLoss, ...last.validation });
    const { loss, metrics } = await evaluate(end.model!, test, { backend });
    assert.deepEqual(end.test, { loss, ...metrics });
    assert.equal(end.testLoss, loss);
    requireDetails(end, test);
    assert.equal(end.threshold, task === "binary" ? 0.5 : null);
  });

  Deno.test(`${task}: weights and metrics have the same bits with 1 to 4 threads, and however cut`, async () => {
    const config = { ...SHORT, hidden: [200], epochs: 2, batchSize: 100 };
    const seen = new Set<string>();
    const note = (events: readonly TrainEvent[]) => {
      const end = events.at(-1)!;
      assert(end.type === "end");
      const epochs = events.filter(({ type }) => type === "epoch") as { train: unknown }[];
      const metrics = [epochs.map(({ train }) => train), end.validation, end.test];
      seen.add(encodeModel(end.model!).toBase64() + JSON.stringify(metrics));
    };
    for (const threads of [1, 2, 3, 4]) {
      using backend = await createBackend({ backend: "wasm", simd: "strict", threads });
      note((await runTraining({ ...optionsOf(task, config), backend })).events);
    }
    for (const maxBatches of [1, 5]) {
      const events: TrainEvent[] = [];
      let state: Uint8Array<ArrayBuffer> | null = null;
      do {
        using backend = await strict();
        using trainer: Trainer = await Trainer.create({
          ...optionsOf(task, config),
          backend,
          state,
        });
        const slice = await trainer.step({ maxBatches });
        events.push(...slice.events);
        state = slice.state;
      } while (state);
      note(events);
    }
    assert.equal(seen.size, 1);
  });

  Deno.test(`${task}: a model file is read as it was written, and predicts the same`, async () => {
    const model = await modelOf(task);
    const read = decodeModel(encodeModel(model), "m");
    assert.deepEqual(read, model);
    const features = featuresOf(test);
    assert.deepEqual(await predict(read, features), await predict(model, features));
    const other = decodeModel(encodeModel({ ...model, threshold: 0.25 }), "m");
    assert.equal(other.threshold, 0.25);
    if (!model.targets) return;
    const targets = { ...model.targets, huber: 0.5, distance: "huber" } as const;
    assert.deepEqual(decodeModel(encodeModel({ ...model, targets }), "m").targets, targets);
  });

  Deno.test(`${task}: onnxruntime and the predictor agree with the library`, async () => {
    const model = await modelOf(task);
    const features = featuresOf(test).slice(0, 20 * test.shape[0]);
    const wanted = task === "regression"
      ? await predict(model, features)
      : (await predictProbabilities(model, features)).flatMap((row) =>
        task === "binary" ? [row[1]] : [...row]
      );
    const [{ signature, probabilities }] = await runOnnx([{
      file: encodeOnnx(model),
      features,
      inputs: test.shape[0],
    }]);
    const outputs = task === "multi-label" ? TAG_NAMES.length : 1;
    const name = task === "regression" ? "predictions" : "probabilities";
    assert.deepEqual(signature[1], `${name} float32 [N, ${outputs}]`);
    const close = (actual: number, expected: number) =>
      assert(Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected)));
    wanted.forEach((value, i) => close(probabilities[i], value));

    const handler = makeHandler(await predictorOf(model), PAGE);
    const rows = Array.from(
      { length: 3 },
      (_, i) => [...features.slice(i * test.shape[0], (i + 1) * test.shape[0])],
    );
    const response = await handler(
      new Request("http://edge/predict", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ inputs: rows }),
      }),
    );
    const { predictions } = await response.json();
    const answers = await predict<number | number[] & number>(model, features);
    // deno-lint-ignore no-explicit-any -- whatever the task answers
    predictions.forEach((answer: any, i: number) => {
      if (task === "regression") {
        assert.deepEqual(Object.keys(answer), ["predictions"]);
        close(answer.predictions.progression, answers[i] as number);
      } else if (task === "binary") {
        assert.equal(answer.predicted, ["died", "survived"][answers[i] as number]);
        close(answer.probability, wanted[i]);
        assert.equal(answer.threshold, 0.5);
      } else {
        const names = (answers[i] as unknown as number[]).map((label) => TAG_NAMES[label]);
        assert.deepEqual(answer.labels, names);
        assert.deepEqual(Object.keys(answer.probabilities), TAG_NAMES);
      }
    });
  });
}

Deno.test("a regression answers in the unit of its target, and several targets as lists", async () => {
  const rows = 200;
  const features = Float32Array.from({ length: rows }, (_, i) => (i % 50) / 25 - 1);
  const both = { task: "regression", names: ["double", "shifted"] } as const;
  const values = Float32Array.from(
    { length: 2 * rows },
    (_, i) => i % 2 === 0 ? 2000 * features[i >> 1] : features[i >> 1] - 500,
  );
  const data: TargetedFeatures = { rows, features, shape: [1], targets: { ...both, values } };
  const config = { ...SHORT, hidden: [], epochs: 200, weightDecay: 0, learningRate: 0.05 };
  const { end } = await runTraining({ train: data, test: data, config });
  assert(end.test!.r2! > 0.999, `${end.test!.r2}`);
  const model = end.model!;
  assert.deepEqual(model.targets!.names, both.names);
  const answers = await predict<number[]>(model, Float32Array.of(0.5, -1));
  for (const [i, x] of [0.5, -1].entries()) {
    assert(Math.abs(answers[i][0] - 2000 * x) < 40, `${answers[i]}`);
    assert(Math.abs(answers[i][1] - (x - 500)) < 0.02, `${answers[i]}`);
  }
  await assert.rejects(
    predictProbabilities(model, Float32Array.of(1)),
    /UsageError: Cannot predict probabilities: .* its task is regression; use predict$/,
  );
});

Deno.test("a yes begins at the model's threshold", async () => {
  const model = await modelOf("binary");
  const features = featuresOf(TASKS.binary.test);
  const yes = (await predictProbabilities(model, features)).map(([, yes]) => yes);
  for (const threshold of [0.2, 0.8]) {
    const expected = yes.map((probability) => +(probability >= threshold));
    assert.deepEqual(await predict({ ...model, threshold }, features), expected);
    const { metrics } = await evaluate({ ...model, threshold }, TASKS.binary.test);
    const { targets } = TASKS.binary.test;
    assert(targets.task === "binary");
    const right = expected.filter((answer, i) => answer === targets.labels[i]).length;
    assert.equal(metrics.accuracy, right / expected.length);
  }
});

Deno.test("the best epoch goes by the monitored metric, in its direction", async () => {
  for (const [task, monitor] of [["binary", "recall"], ["regression", "mae"]] as const) {
    const config = { ...SHORT, monitor, epochs: 12, restoreBest: true };
    const { epochs, end } = await runTraining(optionsOf(task, config));
    const values = epochs.map(({ validation }) => validation![monitor]!);
    const best = task === "binary" ? Math.max(...values) : Math.min(...values);
    assert.equal(end.bestEpoch, values.indexOf(best) + 1);
    assert.equal(end.validation![monitor], best);
  }
  const stopping = { ...SHORT, monitor: "precision", epochs: 60, patience: 2 };
  const { epochs, end } = await runTraining(optionsOf("binary", stopping));
  assert.equal(end.stoppedBy, "patience");
  assert.equal(epochs.length, end.bestEpoch! + 2);
});

Deno.test("rows of classification have weights, too: those of their classes weigh as class weights", async () => {
  const labels = Uint8Array.from({ length: 40 }, (_, row) => row % 4 === 0 ? 1 : 0);
  const features = Float32Array.from(labels, (label, row) => label + Math.sin(row));
  const train: TargetedFeatures = {
    rows: 40,
    features,
    shape: [1],
    targets: { task: "classification", labels },
  };
  const config = { ...SHORT, validation: 0, epochs: 1, batchSize: 40, hidden: [] };
  const weights = Float32Array.from(labels, (label) => label === 1 ? 3 : 1);
  const byRow = await runTraining({ train: { ...train, weights }, config });
  const byClass = await runTraining({ train, config: { ...config, classWeights: [1, 3] } });
  const plain = await runTraining({ train, config });
  const [a, b, c] = [byRow, byClass, plain].map(({ epochs }) => epochs[0].trainLoss);
  assert(Math.abs(a - b) < 1e-6, `${a}, ${b}`);
  assert(Math.abs(a - c) > 1e-3, `${a}, ${c}`);
  const [w, v] = [byRow, byClass].map(({ end }) => end.model!.parameters[0].weights);
  w.forEach((value, i) => assert(Math.abs(value - v[i]) < 1e-6));
});

Deno.test("rows of weight 0 are as good as absent, and balanced classes weigh as rows that say so", async () => {
  const { train: data } = TASKS.binary;
  const half = data.rows >> 1;
  const none = { ...SHORT, validation: 0, epochs: 1, batchSize: data.rows, hidden: [] };
  const weights = Float32Array.from({ length: data.rows }, (_, row) => row < half ? 1 : 0);
  const first: TargetedFeatures = {
    ...data,
    rows: half,
    features: data.features.subarray(0, half * data.shape[0]),
    targets: {
      task: "binary",
      labels: (data.targets as { labels: Uint8Array }).labels.slice(0, half),
    },
  };
  const weighted = await runTraining({ train: { ...data, weights }, config: none });
  const absent = await runTraining({ train: first, config: none });
  const close = (a: number, b: number) => assert(Math.abs(a - b) < 1e-5, `${a}, ${b}`);
  close(weighted.epochs[0].trainLoss, absent.epochs[0].trainLoss);

  const { labels } = data.targets as { labels: Uint8Array };
  const yes = labels.reduce((sum, label) => sum + label, 0);
  const each = [data.rows / 2 / (data.rows - yes), data.rows / 2 / yes];
  const byRow = Float32Array.from(labels, (label) => each[label]);
  const balanced = await runTraining({
    train: data,
    config: { ...none, classWeights: "balanced" },
  });
  const same = await runTraining({ train: { ...data, weights: byRow }, config: none });
  close(balanced.epochs[0].trainLoss, same.epochs[0].trainLoss);
});
