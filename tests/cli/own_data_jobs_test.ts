/**
 * What people have besides tables of columns, from the command line in one line each: embeddings, folders of color images, a
 * sensor's series, and images as arrays or as a table of pixels.
 */

import assert from "node:assert/strict";
import { decodeModel } from "../../lib/model/model_file.ts";
import { readCsv } from "../../lib/mod.ts";
import { imagesOfTable } from "../../lib/dataset/table_images.ts";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { requireSuccess, Workplace } from "../support/cli.ts";
import { npy, npz } from "../support/numpy_files.ts";
import { embeddings, sensor, writeColorFolder } from "../support/own_data.ts";
import { table } from "./table_files.ts";

/** The accuracy on the test rows, by the run's log. */
async function testAccuracy(workplace: Workplace, run: string): Promise<number> {
  const log = parseRunLog(await Deno.readFile(workplace.path(`runs/${run}/log.jsonl`)));
  return log.end!.testAccuracy!;
}

const model = async (workplace: Workplace, run: string) =>
  decodeModel(await Deno.readFile(workplace.path(`runs/${run}/model.safetensors`)));

Deno.test("embeddings: arrays of an NPZ are rows of a table, which a program can send by name", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("emb.npz"), embeddings());
  const arrays = ["emb.npz", "--inputs", "x_train", "--target", "y_train"];
  const tested = ["--test-inputs", "x_test", "--test-target", "y_test"];
  const { stdout } = requireSuccess(
    await workplace.weft("train", ...arrays, ...tested, "--run", "emb"),
  );
  assert.match(stdout, /^emb\.npz: 240 rows to learn from, 80 to test; preset tabular\n/);
  assert(await testAccuracy(workplace, "emb") >= 0.99);
  const { columns } = (await model(workplace, "emb")).preprocessing!;
  assert.deepEqual(columns.map(({ kind, name }) => [kind, name]), [["vector", "inputs"]]);

  const on = ["emb.npz", "--model", "emb", "--inputs", "x_test"];
  const evaluated = requireSuccess(
    await workplace.weft("evaluate", ...on, "--target", "y_test", "--json"),
  );
  assert.equal(JSON.parse(evaluated.stdout).accuracy, await testAccuracy(workplace, "emb"));
  const lines = requireSuccess(await workplace.weft("predict", ...on)).stdout.trimEnd().split("\n");
  assert.deepEqual([lines[0], lines.length], ["prediction,probability", 81]);
  assert.deepEqual(lines.slice(1, 5).map((line) => line.split(",")[0]), ["0", "1", "2", "3"]);
});

Deno.test("color images: a folder is learned, evaluated and predicted, whatever the images' size", async () => {
  await using workplace = await Workplace.create();
  await writeColorFolder(workplace.path("pics"));
  const { stdout } = requireSuccess(await workplace.weft("train", "pics", "--run", "pics"));
  assert.match(
    stdout,
    /^pics: 48 rows of 12 x 12 x 3 bytes to learn from, 24 to test; preset\s+images/,
  );
  assert.equal(await testAccuracy(workplace, "pics"), 1);
  assert.deepEqual((await model(workplace, "pics")).input?.shape, [12, 12, 3]);

  const evaluated = requireSuccess(
    await workplace.weft("evaluate", "pics", "--model", "pics", "--json"),
  );
  const { rows, accuracy } = JSON.parse(evaluated.stdout);
  assert.deepEqual([rows, accuracy], [24, 1]);
  const predicted = requireSuccess(
    await workplace.weft("predict", "pics/test", "--model", "pics"),
  ).stdout.trimEnd().split("\n");
  assert.deepEqual([predicted[0], predicted.length], ["image,prediction,probability", 25]);
  for (const line of predicted.slice(1)) {
    const [image, prediction] = line.split(",");
    assert.equal(image.split("/")[0], prediction, line);
  }
  const one = requireSuccess(
    await workplace.weft("predict", "pics/test/red/0.png", "--model", "pics", "--json"),
  );
  assert.equal(JSON.parse(one.stdout).prediction, "red");
});

Deno.test("a folder without test/ is split, gray if all images are, and made the size that is asked for", async () => {
  await using workplace = await Workplace.create();
  await writeColorFolder(workplace.path("pics"));
  const { stdout } = requireSuccess(
    await workplace.weft(
      ...["train", "pics/train", "--test", "0.25", "--size", "8x10", "--channels", "1"],
      ...["--epochs", "2", "--run", "gray"],
    ),
  );
  assert.match(stdout, /^train: 36 rows of 8 x 10 pixels to learn from, 12 to test; preset images/);
  const { height, width } = await model(workplace, "gray");
  assert.deepEqual([height, width], [8, 10]);
});

Deno.test("windows: what comes later is tested with, and each row that ends a window is answered for", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeTextFile(workplace.path("sensor.csv"), sensor());
  const { stdout, stderr } = requireSuccess(
    await workplace.weft(
      ...["train", "sensor.csv", "--target", "activity", "--ignore", "session"],
      ...["--window", "20", "--stride", "5", "--test", "0.2", "--split-last", "0.2", "--gap", "5"],
      ...["--run", "sensor"],
    ),
  );
  assert.match(
    stdout,
    /^sensor\.csv: \d+ windows of 20 rows to learn from, one every 5 rows, \d+ to/,
  );
  assert.match(stderr, /column "t" is left out: it rises from row to row/);
  assert(await testAccuracy(workplace, "sensor") >= 0.9);
  const { preprocessing, input } = await model(workplace, "sensor");
  assert.deepEqual(preprocessing!.window, { length: 20, stride: 5 });
  assert.deepEqual(input!.shape, [20, 2, 1]);

  const predicted = requireSuccess(
    await workplace.weft("predict", "sensor.csv", "--model", "sensor", "--keep"),
  ).stdout.trimEnd().split("\n");
  assert.equal(predicted[0], "t,x,y,session,activity,prediction,probability");
  assert.equal(predicted.length, 3001);
  assert.match(predicted[19], /^18,.*,,$/);
  const answers = predicted.slice(20).map((line) => line.split(","));
  const right = answers.filter((cells) => cells[4] === cells[5]).length;
  assert(right > 0.8 * answers.length, `${right} of ${answers.length}`);
  const { stdout: measured } = requireSuccess(
    await workplace.weft("evaluate", "sensor.csv", "--model", "sensor"),
  );
  assert.match(measured, /on the 597 windows of sensor\.csv\n/);
});

Deno.test("digits: a table of pixels and the same as arrays are images, for one model", async () => {
  await using workplace = await Workplace.create();
  const digits = table("digits.csv.gz");
  requireSuccess(
    await workplace.weft("train", digits, "--target", "label", "--test", "0.25", "--run", "csv"),
  );
  const accuracy = await testAccuracy(workplace, "csv");
  assert(accuracy >= 0.94, String(accuracy));

  const { features, rows, targets } = imagesOfTable(
    await readCsv(await Deno.readFile(digits)),
    { target: "label" },
  );
  assert(targets.task === "classification");
  const [train, size] = [240, 28 * 28];
  const images = (first: number, end: number) =>
    npy([end - first, 28, 28], features.slice(first * size, end * size));
  const labels = (first: number, end: number) =>
    npy([end - first], targets.labels.slice(first, end));
  await Deno.writeFile(
    workplace.path("mnist.npz"),
    npz({
      x_train: images(0, train),
      y_train: labels(0, train),
      x_test: images(train, rows),
      y_test: labels(train, rows),
    }),
  );
  const arrays = ["mnist.npz", "--inputs", "x_train", "--target", "y_train"];
  const tested = ["--test-inputs", "x_test", "--test-target", "y_test"];
  requireSuccess(await workplace.weft("train", ...arrays, ...tested, "--run", "npz"));
  const learned = await testAccuracy(workplace, "npz");
  assert(learned >= 0.94, String(learned));

  // One model answers for both.
  const [fromCsv, fromNpz] = await Promise.all([
    workplace.weft("evaluate", digits, "--model", "npz", "--json"),
    workplace.weft(
      ...["evaluate", "mnist.npz", "--inputs", "x_train", "--target", "y_train"],
      ...["--model", "csv", "--json"],
    ),
  ]);
  assert.equal(JSON.parse(requireSuccess(fromCsv).stdout).rows, rows);
  assert(JSON.parse(requireSuccess(fromNpz).stdout).accuracy > 0.9);

  // Files of one array each.
  await Deno.writeFile(workplace.path("X.npy"), images(0, train));
  await Deno.writeFile(workplace.path("y.npy"), labels(0, train));
  const { stdout } = requireSuccess(
    await workplace.weft("train", "X.npy", "--target", "y.npy", "--epochs", "1", "--run", "npy"),
  );
  assert.match(stdout, /^X\.npy: 240 rows of 28 x 28 pixels to learn from; preset images/);
  const answers = requireSuccess(await workplace.weft("predict", "X.npy", "--model", "npz"));
  assert.equal(answers.stdout.trimEnd().split("\n").length, train + 1);
});
