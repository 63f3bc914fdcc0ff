/** Dropout, batch normalization, smoothed labels, class weights and lists of layers from the command line. */
import assert from "node:assert/strict";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { refusalOf, requireSuccess, Workplace } from "../support/cli.ts";

const DATA = ["--data-dir", "data"];

const SIZES = ["--hidden", "8", "--batch-size", "16", ...DATA];
const LAYERS = [
  ...["--activation", "gelu", "--dropout", "0.2", "--batch-norm", "--label-smoothing", "0.1"],
  ...["--class-weights", "1,2,0.5"],
];

Deno.test("what stands around the layers is logged, and the model is used like any other", async () => {
  await using workplace = await Workplace.create();
  const trained = await workplace.weft("train", ...SIZES, ...LAYERS, "--epochs", "4", "--run", "a");
  requireSuccess(trained);
  const log = parseRunLog(await Deno.readFile(workplace.path("runs/a/log.jsonl")));
  assert.deepEqual(log.problems, []);
  const { activation, dropout, batchNorm, labelSmoothing, classWeights } = log.run!.config;
  assert.deepEqual([activation, dropout, batchNorm, labelSmoothing], ["gelu", 0.2, true, 0.1]);
  assert.deepEqual(classWeights, [1, 2, 0.5]);
  assert.equal(log.end?.validationAccuracy, log.epochs.at(-1)!.validationAccuracy);

  const evaluated = await workplace.weft(
    "evaluate",
    "--data-dir",
    "data",
    "--model",
    "a",
    "--json",
  );
  const { accuracy } = JSON.parse(requireSuccess(evaluated).stdout);
  assert.equal(accuracy, log.end?.testAccuracy);
});

Deno.test("class weights are of the data's classes", async () => {
  await using workplace = await Workplace.create();
  const outcome = await workplace.weft("train", ...SIZES, "--class-weights", "1,2", "--run", "a");
  assert.match(
    refusalOf(outcome, 2),
    /with 2 class weights: there are 3 classes; give one for each/,
  );
});

Deno.test("back ends are compared with what stands around the layers", async () => {
  await using workplace = await Workplace.create();
  const quick = ["compare", "--quick", ...SIZES, ...LAYERS, "--epochs", "2"];
  const outcome = await workplace.weft(...quick, "--backends", "reference,wasm", "--out", "runs/c");
  assert.match(requireSuccess(outcome).stdout, /^35-8-3 gelu, batches of 16/);
});

Deno.test("a list of layers is trained, resumed, evaluated, exported and searched with", async () => {
  await using workplace = await Workplace.create();
  const layers = ["--layers", " dense 8,relu,dropout .20,dense 6, batch-norm, tanh"];
  const written = "dense 8, relu, dropout 0.2, dense 6, batch-norm, tanh";
  const args = ["train", ...DATA, ...layers, "--batch-size", "16", "--epochs", "3"];
  requireSuccess(await workplace.weft(...args, "--run", "whole"));
  const log = await Deno.readTextFile(workplace.path("runs/whole/log.jsonl"));
  const { run, end } = parseRunLog(new TextEncoder().encode(log));
  assert.equal(run!.config.layers, written);

  // As if it had been killed after its second epoch.
  const cut = workplace.path("runs/cut");
  await Deno.mkdir(`${cut}/checkpoints`, { recursive: true });
  await Deno.writeTextFile(`${cut}/log.jsonl`, `${log.split("\n").slice(0, 3).join("\n")}\n`);
  const kept = workplace.path("runs/whole/checkpoints");
  const [first] = [...Deno.readDirSync(kept)].map(({ name }) => name).sort();
  await Deno.copyFile(`${kept}/${first}`, `${cut}/checkpoints/${first}`);
  const other = await workplace.weft("train", "--resume", "cut", "--layers", "dense 8, relu");
  assert.match(
    refusalOf(other, 2),
    /^Cannot resume cut with other options: layers was "dense 8, r/,
  );
  const hidden = await workplace.weft("train", "--resume", "cut", "--hidden", "8");
  assert.match(refusalOf(hidden, 2), /^Cannot resume cut with other options: hidden was /);
  requireSuccess(await workplace.weft("train", "--resume", "cut", ...layers));
  const modelOf = (run: string) => Deno.readFile(workplace.path(`runs/${run}/model.safetensors`));
  assert.deepEqual(await modelOf("cut"), await modelOf("whole"));

  const evaluated = await workplace.weft("evaluate", ...DATA, "--model", "cut", "--json");
  assert.equal(JSON.parse(requireSuccess(evaluated).stdout).accuracy, end!.testAccuracy);
  for (const format of ["edge", "onnx", "safetensors"]) {
    requireSuccess(await workplace.weft("export", "--model", "cut", "--format", format));
  }
  await Deno.writeTextFile(
    workplace.path("space.json"),
    JSON.stringify({ layers: ["dense 4, relu", written], epochs: 1, "batch-size": 16 }),
  );
  const space = ["--space", "space.json", "--trials", "2", "--strategy", "random"];
  requireSuccess(
    await workplace.weft("search", ...space, ...DATA, "--name", "s", "--workers", "1"),
  );
});
