/** Whole ways from somebody's files to a network that knows them: embeddings, images, windows of a time series. */

import assert from "node:assert/strict";
import { encode } from "fast-png";
import { imageFolder } from "../../lib/images.ts";
import {
  arrayDataset,
  datasetOf,
  imagesOfTable,
  type NdArray,
  readCsv,
  readJsonLines,
  readNpz,
  type TrainOptions,
  windowParts,
  windowsOf,
} from "../../lib/mod.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { runTraining } from "./training_run.ts";

const CONFIG = {
  activation: "gelu",
  initializer: "he-normal",
  optimizer: "adamw",
  learningRate: 0.01,
  freezeOutputBias: false,
  batchSize: 16,
  epochs: 12,
  hidden: [24],
} as const;

async function testAccuracy(options: Omit<TrainOptions, "config">): Promise<number> {
  const { end } = await runTraining({ ...options, config: CONFIG });
  assert.equal(end.status, "completed");
  return end.test!.accuracy!;
}

const CLASSES = ["cat", "dog", "owl"];
const SIZE = 12;

/** Rows around a center a class, in a unit of their own. */
function embeddings(rows: number, seed: number) {
  const random = new NumpyRandomState(seed);
  const values = Float32Array.from({ length: rows * SIZE }, (_, i) => {
    const row = Math.floor(i / SIZE);
    return 300 + 50 * (i % SIZE % 3 === row % 3 ? 2 : 0) + 40 * (random.randomSample() - 0.5);
  });
  const classes = Array.from({ length: rows }, (_, row) => CLASSES[row % 3]);
  return { values, classes };
}

Deno.test("embeddings of JSON Lines become a data set that standardizes them", async () => {
  const linesOf = ({ values, classes }: ReturnType<typeof embeddings>) =>
    readJsonLines(
      classes.map((kind, row) =>
        JSON.stringify({ id: row, e: [...values.subarray(row * SIZE, (row + 1) * SIZE)], kind })
      ).join("\n"),
    );
  const options = { target: "kind", columns: { ignore: ["id"] } };
  const train = datasetOf(await linesOf(embeddings(240, 1)), options);
  const accuracy = await testAccuracy({ train, test: await linesOf(embeddings(60, 2)) });
  assert(accuracy >= 0.99, `${accuracy}`);
});

Deno.test("arrays of floats and of texts become one, too", async () => {
  const arraysOf = ({ values, classes }: ReturnType<typeof embeddings>) => ({
    // Centered by hand: arrays are taken as they are.
    inputs: { shape: [classes.length, SIZE], values: values.map((it) => (it - 330) / 50) },
    target: classes,
  });
  const train = arrayDataset(arraysOf(embeddings(240, 1)));
  const test = arrayDataset({ ...arraysOf(embeddings(60, 2)), like: train });
  assert.deepEqual(train.classNames, CLASSES);
  const accuracy = await testAccuracy({ train, test, classNames: train.classNames });
  assert(accuracy >= 0.99, `${accuracy}`);
});

Deno.test("a network learns the arrays of an archive that NumPy wrote", async () => {
  // Images of one line each, and which line it is; tests/golden/make_numpy_arrays.py.
  const arrays = await readNpz(
    await Deno.readFile(new URL("../golden/numpy_arrays/lines.npz", import.meta.url)),
  );
  const of = (name: string): NdArray => arrays.get(name)!;
  const train = arrayDataset({ inputs: of("x_train"), target: of("y_train") });
  const test = arrayDataset({ inputs: of("x_test"), target: of("y_test"), like: train });
  assert.deepEqual([train.shape, train.targets.task], [[5, 5], "classification"]);
  const accuracy = await testAccuracy({ train, test, classNames: train.classNames });
  assert(accuracy >= 0.94, `${accuracy}`);
});

Deno.test("a table of pixels is learned as images", async () => {
  const random = new NumpyRandomState(3);
  const csvOf = (rows: number) => {
    const lines = Array.from({ length: rows }, (_, row) => {
      const bright = row % 4;
      const pixels = Array.from(
        { length: 36 },
        (_, i) =>
          Math.floor(60 * random.randomSample()) + (Math.floor(i / 6) === bright + 1 ? 190 : 0),
      );
      return [bright, ...pixels].join(",");
    });
    return [["label", ...Array.from({ length: 36 }, (_, i) => `pixel${i}`)].join(","), ...lines];
  };
  const imagesOf = async (rows: number) =>
    imagesOfTable(await readCsv(csvOf(rows).join("\n")), { target: "label" });
  const [train, test] = [await imagesOf(200), await imagesOf(40)];
  assert.deepEqual(train.shape, [6, 6]);
  const accuracy = await testAccuracy({ train, test, classNames: train.classNames });
  assert(accuracy >= 0.94, `${accuracy}`);
});

Deno.test("a folder of color images is learned, and tested by its other part", async () => {
  const random = new NumpyRandomState(4);
  const colors = [[200, 40, 40], [40, 200, 40], [40, 40, 200]];
  const files = Array.from({ length: 90 }, (_, i) => {
    const data = Uint8Array.from(
      { length: 8 * 8 * 3 },
      (_, at) => colors[i % 3][at % 3] + Math.floor(50 * random.randomSample()),
    );
    const part = i < 60 ? "train" : "test";
    const bytes = () => encode({ width: 8, height: 8, data, channels: 3 });
    return { path: `${part}/${CLASSES[i % 3]}/${i}.png`, bytes };
  });
  const { train, test, classNames } = await imageFolder(files);
  assert.deepEqual(train.shape, [8, 8, 3]);
  assert.equal(await testAccuracy({ train, test, classNames }), 1);
});

Deno.test("windows of a series are learned, and tested with what comes later", async () => {
  const random = new NumpyRandomState(5);
  const rows = Array.from({ length: 3000 }, (_, t) => {
    const activity = Math.floor(t / 60) % 3;
    const angle = t * [0.1, 0.7, 2.1][activity];
    const noise = () => random.randomSample() - 0.5;
    return [
      t,
      5 * Math.sin(angle) + noise(),
      100 * Math.cos(angle) + 20 * noise(),
      CLASSES[activity],
    ];
  });
  const table = await readCsv(["t,x,y,activity", ...rows.map((row) => row.join(","))].join("\n"));
  const dataset = windowsOf(table, { target: "activity", length: 20, stride: 5 });
  const { notes, preprocessing, ...parts } = windowParts(dataset, {
    test: 0.2,
    last: true,
    gap: 20,
    seed: 1,
  });
  assert.match(notes[0], /^column "t" is left out: it rises from row to row/);
  assert.deepEqual(preprocessing.columns.map(({ name }) => name), ["x", "y"]);
  // A window that has rows of two activities is none of either.
  const accuracy = await testAccuracy(parts);
  assert(accuracy >= 0.9, `${accuracy}`);
});
