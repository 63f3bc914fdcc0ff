/** ONNX files of models of tables: onnxruntime takes raw columns and computes what Weft does. */
import assert from "node:assert/strict";
import { encode } from "../../lib/dataset/preprocessing/encode.ts";
import { featureCount, type Preprocessing } from "../../lib/dataset/preprocessing/preprocessing.ts";
import { encodeOnnx } from "../../lib/interchange/onnx.ts";
import type { Model } from "../../lib/model/model.ts";
import { predict, predictProbabilities } from "../../lib/train/inference.ts";
import { noisyModel } from "../edge/models.ts";
import { type OnnxColumns, runOnnx } from "../onnxruntime/mod.ts";

/** Probabilities; predictions in standard deviations of the target. */
const TOLERANCE = 1e-5;

/** Names that the graph has itself, or that no shell would take, are columns' too. */
const PREPROCESSING: Preprocessing = {
  columns: [
    { kind: "number", name: "age in years", impute: 30, indicator: true, mean: 31.5, std: 12.25 },
    { kind: "number", name: "features", impute: 0, indicator: false, mean: -2e6, std: 3 },
    { kind: "category", name: "layers.0.weight", values: ["a", "ü", "日本"], hole: true },
    { kind: "category", name: "column.0.hole", values: ["0", "1"], hole: false },
    { kind: "vector", name: "e", size: 3, mean: [1, 2, 3], std: [0.1, 1, 10] },
    { kind: "vector", name: "f", size: 2, mean: null, std: null },
  ],
  ignored: [],
  target: { names: ["y"] },
};

function modelOf(task: Model["task"], outputs: number): Model {
  const width = featureCount(PREPROCESSING);
  const noisy = noisyModel(1, width, [5], outputs, "tanh");
  const targets = { names: ["y"], mean: [100], std: [30], huber: 0 };
  return {
    ...noisy,
    task,
    classNames: task === "regression" ? [] : task === "binary" ? ["no", "yes"] : noisy.classNames,
    inputScale: 1,
    input: { element: "float32", shape: [width] },
    preprocessing: PREPROCESSING,
    ...task === "regression" ? { targets } : {},
  };
}

const ROWS = Array.from({ length: 40 }, (_, i) => ({
  "age in years": i % 7 === 0 ? null : i * 1.75,
  features: -2e6 + (i % 5),
  "layers.0.weight": ["a", "ü", "日本", null, "new"][i % 5],
  "column.0.hole": i % 3 === 0 ? "1" : i % 3 === 1 ? "0" : "other",
  e: [1 + i / 100, 2 - i / 20, i],
  f: [i / 40, -i / 40],
}));

function columnsOf(): OnnxColumns {
  const named = (name: keyof typeof ROWS[number]) => ROWS.map((row) => row[name]);
  const texts = (name: "layers.0.weight" | "column.0.hole") => ROWS.map((row) => row[name] ?? "");
  return {
    "age in years": { size: 1, values: named("age in years") as (number | null)[] },
    features_: { size: 1, values: named("features") as number[] },
    "layers.0.weight_": { size: 1, values: texts("layers.0.weight") },
    "_column.0.hole": { size: 1, values: texts("column.0.hole") },
    e: { size: 3, values: ROWS.flatMap(({ e }) => e) },
    f: { size: 2, values: ROWS.flatMap(({ f }) => f) },
  };
}

Deno.test("onnxruntime computes with raw columns what Weft does", async () => {
  const models = [
    modelOf("classification", 3),
    modelOf("binary", 1),
    modelOf("multi-label", 4),
    modelOf("regression", 1),
  ];
  const columns = columnsOf();
  const results = await runOnnx(
    models.map((model) => ({ file: encodeOnnx(model), columns, inputs: 0 })),
  );
  for (const [i, model] of models.entries()) {
    const { values } = encode(PREPROCESSING, ROWS);
    const isRegression = model.task === "regression";
    const plain = { ...model, preprocessing: undefined };
    const expected = isRegression
      ? await predict(plain, values)
      : (await predictProbabilities(plain, values)).flatMap((row) =>
        model.task === "binary" ? [row[1]] : [...row]
      );
    const actual = results[i].probabilities;
    assert.equal(actual.length, expected.length);
    const unit = isRegression ? 30 : 1;
    const worst = Math.max(...expected.map((value, j) => Math.abs(value - actual[j]) / unit));
    assert(worst <= TOLERANCE, `${model.task}: ${worst}`);
  }
  assert.deepEqual(results[1].signature.slice(0, 3), [
    "age in years float32 [N, 1]",
    "features_ float32 [N, 1]",
    "layers.0.weight_ string [N, 1]",
  ]);
});
