/** Dropout, batch normalisation, smoothed labels and class weights from the command line. */
import assert from "node:assert/strict";
import { parseRunLog } from "../lib/run_log/run/reader.ts";
import { refusalOf, requireSuccess, Workplace } from "./cli.ts";

const SIZES = ["--hidden", "8", "--batch-size", "16", "--data-dir", "data"];
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
