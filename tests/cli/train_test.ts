/** `train` end to end: the files of a run, and that `evaluate` and `predict` use its model. */

import assert from "node:assert/strict";
import { decodeModel } from "../../lib/model/model_file.ts";
import { decodeSafetensors } from "../../lib/model/safetensors.ts";
import { readInspection } from "../../lib/run_log/inspection/inspection.ts";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { PRESETS } from "../../lib/mod.ts";
import { requireSuccess, Workplace } from "../support/cli.ts";
import { encodeIdxLabels, gzip, writeFiles } from "../support/idx_files.ts";
import { HEIGHT, stripedIdxFiles, stripedImage, WIDTH } from "../support/striped_images.ts";

/** Enough to learn the striped images without a mistake. */
const SETTINGS = ["--hidden", "8", "--batch-size", "16", "--epochs", "40"];
const TRAIN = ["train", "--data-dir", "data", ...SETTINGS];

Deno.test("a run leaves a log, a model and a plot, and evaluate and predict use the model", async () => {
  await using workplace = await Workplace.create();
  const { stdout, stderr } = requireSuccess(await workplace.weft(...TRAIN, "--run", "first"));
  assert.deepEqual(workplace.contents(), ["runs"]);
  assert.deepEqual(namesIn(workplace.path("runs/first")), [
    "checkpoints",
    "inspection.json",
    "log.jsonl",
    "loss.svg",
    "model.safetensors",
  ]);
  assert.match(stderr, /^note: Data in data: [^\n]*\n$/, "nothing else, for nobody watches");
  assert.doesNotMatch(stdout + stderr, /[^\P{Cc}\n]/u, "no escape codes");
  assert.match(stdout, /^completed after 40 epochs and .* on wasm \((relaxed|strict) SIMD\)/m);
  assert.match(stdout, /^validation accuracy 100\.00 % \(18 of 18\)\ntest accuracy +100\.00 %,/m);
  assert.match(
    stdout,
    /\nruns\/first\/: log\.jsonl, model\.safetensors, inspection\.json, loss\.svg\n$/,
  );
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);

  const log = parseRunLog(await Deno.readFile(workplace.path("runs/first/log.jsonl")));
  assert.deepEqual(log.problems, []);
  assert.equal(log.run?.name, "first");
  assert.deepEqual(log.run?.config, {
    preset: "baseline",
    ...PRESETS.baseline,
    hidden: [8],
    batchSize: 16,
    threads: null,
    backend: "auto",
    simd: "auto",
    adapter: null,
    dataDir: "data",
  });
  const { name, train, validation, test } = log.run.dataset;
  assert.deepEqual({ name, train, validation, test }, {
    name: "data",
    train: 72,
    validation: 18,
    test: 30,
  });
  assert.equal(log.run.parameters, 35 * 8 + 8 + 8 * 3 + 3);
  assert.deepEqual(
    log.epochs.map(({ epoch }) => epoch),
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  assert.equal(log.end?.status, "completed");

  const { tensors } = decodeSafetensors(
    await Deno.readFile(workplace.path("runs/first/model.safetensors")),
    "the model",
  );
  assert.deepEqual([...tensors].map(([name, { shape }]) => [name, shape]), [
    ["layers.0.weight", [8, 35]],
    ["layers.0.bias", [8]],
    ["layers.1.weight", [3, 8]],
    ["layers.1.bias", [3]],
  ]);

  const [evaluated, predicted, text] = await Promise.all([
    workplace.weft("evaluate", "--model", "first", "--data-dir", "data", "--json"),
    workplace.weft("predict", "--index", "0,29", "--data-dir", "data", "--json"),
    workplace.weft("evaluate", "--data-dir", "data", "--model", "runs/first"),
  ]);
  const evaluation = JSON.parse(requireSuccess(evaluated).stdout);
  assert.equal(evaluation.accuracy, log.end.testAccuracy);
  assert.equal(evaluation.loss, log.end.testLoss);
  assert.deepEqual(evaluation.confusionMatrix, log.end.confusionMatrix);
  assert.deepEqual(evaluation.perClass, log.end.perClass);
  assert.match(
    requireSuccess(text).stdout,
    /^runs\/first\/model\.safetensors on the test set of data\naccuracy 100\.00 % \(30 of 30\)/,
  );
  const rows = requireSuccess(predicted).stdout.trimEnd().split("\n").map((row) => JSON.parse(row));
  assert.deepEqual(rows.map(({ source, predicted, label }) => [source, predicted, label]), [
    ["row 0", "0", "0"],
    ["row 29", "2", "2"],
  ]);
});

Deno.test("a run leaves images of its mistakes and of its first layer", async () => {
  await using workplace = await Workplace.create();
  // One label of the test set is wrong, so that a network that has learned makes one mistake.
  const files = stripedIdxFiles();
  const labels = Array.from({ length: 30 }, (_, row) => row === 4 ? 2 : row % 3);
  await writeFiles(workplace.path("data"), {
    ...files,
    "t10k-labels-idx1-ubyte": encodeIdxLabels(labels),
  });
  requireSuccess(await workplace.weft(...TRAIN, "--run", "seen"));
  const { inspection, problem } = readInspection(
    await Deno.readFile(workplace.path("runs/seen/inspection.json")),
  );
  assert(inspection, problem ?? "");
  const { height, width, mistakes, mistakeCount, units, unitCount } = inspection;
  assert.deepEqual([height, width, mistakeCount, unitCount], [HEIGHT, WIDTH, 1, 8]);
  const [{ row, trueClass, predictedClass, probability, pixels }] = mistakes;
  assert.deepEqual([row, trueClass, predictedClass], [4, 2, 1]);
  assert(probability > 0.5 && probability <= 1);
  assert.deepEqual(Uint8Array.fromBase64(pixels), stripedImage(1, 4));
  const model = decodeModel(
    await Deno.readFile(workplace.path("runs/seen/model.safetensors")),
    "the model",
  );
  const ofFirstUnit = model.parameters[0].weights.filter((_, i) => i % 8 === 0);
  const bytes = Uint8Array.fromBase64(units[0].weights);
  assert.equal(bytes.length, HEIGHT * WIDTH);
  bytes.forEach((byte, i) => {
    assert(Math.abs((byte - 128) / 127 * units[0].scale - ofFirstUnit[i]) < units[0].scale / 200);
  });
});

Deno.test("the same command gives the same model and the same plot, byte for byte", async () => {
  await using one = await Workplace.create();
  await using other = await Workplace.create();
  await Promise.all([one, other].map(async (place) => {
    requireSuccess(await place.weft(...TRAIN, "--run", "same"));
  }));
  for (const file of ["model.safetensors", "inspection.json", "loss.svg"]) {
    const [a, b] = [one, other].map((place) => Deno.readFileSync(place.path(`runs/same/${file}`)));
    assert.deepEqual(a, b, file);
  }
});

Deno.test("--json prints the log's lines as they are written, and nothing else", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = requireSuccess(await workplace.weft(...TRAIN, "--run", "j", "--json"));
  assert.equal(stdout, await Deno.readTextFile(workplace.path("runs/j/log.jsonl")));
  const types = stdout.trimEnd().split("\n").map((line) => JSON.parse(line).type);
  assert.deepEqual(types, ["run", ...new Array(40).fill("epoch"), "end"]);
});

Deno.test("the name of a run is never taken twice, and a run without one gets one", async () => {
  await using workplace = await Workplace.create();
  requireSuccess(await workplace.weft(...TRAIN, "--run", "once"));
  const before = Deno.readFileSync(workplace.path("runs/once/log.jsonl"));
  const [again, nameless] = await Promise.all([
    workplace.weft(...TRAIN, "--run", "once"),
    workplace.weft(...TRAIN),
  ]);
  assert.deepEqual({ code: again.code, stdout: again.stdout }, { code: 2, stdout: "" });
  assert.match(
    again.stderr,
    /^error: Cannot start a run named "once": runs\/once exists, [^\n]*\n$/,
  );
  assert.deepEqual(Deno.readFileSync(workplace.path("runs/once/log.jsonl")), before);
  requireSuccess(nameless);
  assert.match(namesIn(workplace.path("runs"))[0], /^\d{4}-\d\d-\d\d_\d{6}_baseline$/);
});

Deno.test("gzip files train the same network; without test files there is no test accuracy", async () => {
  await using workplace = await Workplace.create();
  const { "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels } =
    stripedIdxFiles();
  await writeFiles(workplace.path("data/packed"), {
    "train-images-idx3-ubyte.gz": await gzip(images),
    "train-labels-idx1-ubyte.gz": await gzip(labels),
  });
  await Promise.all([
    workplace.weft(...TRAIN, "--run", "plain").then(requireSuccess),
    workplace.weft("train", "--data-dir", "data/packed", ...SETTINGS, "--run", "packed", "--json")
      .then(requireSuccess),
  ]);
  const [plain, packed] = ["plain", "packed"].map((name) =>
    Deno.readFileSync(workplace.path(`runs/${name}/model.safetensors`))
  );
  assert.deepEqual(packed, plain);
  const { run, end } = parseRunLog(Deno.readFileSync(workplace.path("runs/packed/log.jsonl")));
  assert.equal(run?.dataset.test, 0);
  assert.equal(end?.validationAccuracy, 1);
  assert.deepEqual([end?.testAccuracy, end?.confusionMatrix, end?.perClass], [null, null, null]);
});

Deno.test("a class that no row has is learned to be none, and its measures are 0 or absent", async () => {
  await using workplace = await Workplace.create();
  const files = stripedIdxFiles();
  // The labels 0, 1, 3: class 2 is there by its number only.
  const skip = (name: "train-labels-idx1-ubyte" | "t10k-labels-idx1-ubyte") =>
    encodeIdxLabels(files[name].subarray(8).map((label) => label === 2 ? 3 : label));
  await writeFiles(workplace.path("data/gap"), {
    ...files,
    "train-labels-idx1-ubyte": skip("train-labels-idx1-ubyte"),
    "t10k-labels-idx1-ubyte": skip("t10k-labels-idx1-ubyte"),
  });
  const { stdout } = requireSuccess(
    await workplace.weft("train", "--data-dir", "data/gap", ...SETTINGS, "--run", "gap"),
  );
  assert.match(stdout, /^test accuracy +100\.00 %/m);
  assert.match(stdout, /^2 .* 0$/m);
  const model = decodeModel(Deno.readFileSync(workplace.path("runs/gap/model.safetensors")), "m");
  assert.deepEqual(model.classNames, ["0", "1", "2", "3"]);
});

Deno.test("a network without hidden layers, and one with three, train and are used", async () => {
  await using workplace = await Workplace.create();
  await Promise.all([["none", "relu"], ["6,5,4", "tanh"]].map(async ([hidden, activation]) => {
    const run = `run-${activation}`;
    requireSuccess(
      await workplace.weft(...TRAIN, "--hidden", hidden, "--activation", activation, "--run", run),
    );
    const { stdout } = requireSuccess(
      await workplace.weft("evaluate", "--data-dir", "data", "--model", run, "--json"),
    );
    const { end } = parseRunLog(Deno.readFileSync(workplace.path(`runs/${run}/log.jsonl`)));
    assert.equal(JSON.parse(stdout).accuracy, end?.testAccuracy);
  }));
});

Deno.test("a loss that is no longer finite ends the run, and the line says where and what to try", async () => {
  await using workplace = await Workplace.create();
  const args = [...TRAIN, "--activation", "relu", "--learning-rate", "1e30", "--run", "wild"];
  const { code, stdout, stderr } = await workplace.weft(...args);
  assert.equal(code, 1);
  assert.match(stdout, /^diverged after 1 epoch and /m);
  const expected =
    /^Training diverged: the training loss in epoch 1, batch \d+ is no longer a finite number; try a smaller --learning-rate$/;
  assert.match(stderr.split("\n").at(-2)!, new RegExp(`^error: ${expected.source.slice(1)}`));
  const log = parseRunLog(Deno.readFileSync(workplace.path("runs/wild/log.jsonl")));
  assert.deepEqual(log.problems, []);
  assert.equal(log.end?.status, "diverged");
  assert.match(log.end.error ?? "", expected);
  assert.equal(log.epochs[0].trainLoss, null);
});

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}
