/** `train` with seeds, folds, early stopping and without validation, end to end. */
import assert from "node:assert/strict";
import { decodeModel } from "../../lib/model/model_file.ts";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { readSummary } from "../../lib/run_log/summary/summary.ts";
import type { Summary } from "../../lib/run_log/summary/summary.ts";
import {
  forEachCase,
  NO_UNIX,
  refusalOf,
  requireSuccess,
  testUnless,
  Workplace,
} from "../support/cli.ts";
import { encodeIdxLabels, writeFiles } from "../support/idx_files.ts";
import { stripedIdxFiles } from "../support/striped_images.ts";

const TRAIN = ["train", "--data-dir", "data", "--hidden", "8", "--batch-size", "16"];

function logOf(workplace: Workplace, run: string) {
  const log = parseRunLog(Deno.readFileSync(workplace.path(`runs/${run}/log.jsonl`)));
  assert.deepEqual(log.problems, []);
  return log;
}

function summaryOf(workplace: Workplace, name: string): Summary {
  const file = Deno.readFileSync(workplace.path(`runs/${name}/summary.json`));
  const { summary, problem } = readSummary(file);
  assert(summary, problem ?? "");
  return summary;
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

function modelOf(workplace: Workplace, run: string, file = "model.safetensors") {
  return Deno.readFileSync(workplace.path(`runs/${run}/${file}`));
}

Deno.test("--seeds trains a run a seed, each as it would be by itself, and sums them up", async () => {
  await using workplace = await Workplace.create();
  const args = [...TRAIN, "--epochs", "5", "--flip", "--shift", "1", "--standardize"];
  const [{ stdout }] = await Promise.all([
    workplace.weft(...args, "--seed", "7", "--seeds", "3", "--run", "many").then(requireSuccess),
    workplace.weft(...args, "--seed", "8", "--run", "alone").then(requireSuccess),
  ]);
  assert.deepEqual(namesIn(workplace.path("runs")), [
    "alone",
    "many",
    "many-seed-7",
    "many-seed-8",
    "many-seed-9",
  ]);
  assert.deepEqual(namesIn(workplace.path("runs/many")), ["summary.json"]);
  assert.deepEqual(modelOf(workplace, "many-seed-8"), modelOf(workplace, "alone"));
  assert.match(stdout, /^many-seed-7: validation [\d.]+ %, test [\d.]+ %, loss [\d.]+, 5 epochs, /);
  assert.match(stdout, /\nseed 9 +5 .*\nmean .*\ndeviation .*\n\nruns\/many\/: summary\.json\n$/);
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);

  const { kind, status, runCount, runs, statistics } = summaryOf(workplace, "many");
  assert.deepEqual({ kind, status, runCount }, { kind: "seeds", status: "completed", runCount: 3 });
  assert.deepEqual(runs.map(({ name, seed, fold }) => [name, seed, fold]), [
    ["many-seed-7", 7, null],
    ["many-seed-8", 8, null],
    ["many-seed-9", 9, null],
  ]);
  for (const { name, testAccuracy, validationLoss, bestEpoch, epochs } of runs) {
    const { end, run } = logOf(workplace, name);
    assert.deepEqual(
      [testAccuracy, validationLoss, bestEpoch, epochs],
      [end!.testAccuracy, end!.validationLoss, end!.bestEpoch, 5],
    );
    const { flip, shift, standardize } = run!.config;
    assert.deepEqual([flip, shift, standardize], [true, 1, true]);
  }
  const values = runs.map(({ validationLoss }) => validationLoss!);
  const mean = values.reduce((sum, value) => sum + value) / 3;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2);
  const { count, mean: is, standardDeviation, least, most } = statistics.validationLoss;
  assert.equal(count, 3);
  assert(Math.abs(is! - mean) < 1e-12 && Math.abs(standardDeviation! - spread) < 1e-12);
  assert.deepEqual([least, most], [Math.min(...values), Math.max(...values)]);
});

Deno.test("--folds validates every row once; with --json there are only lines of JSON", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = requireSuccess(
    await workplace.weft(...TRAIN, "--epochs", "3", "--folds", "4", "--run", "f", "--json"),
  );
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ type }) => type),
    [...[1, 2, 3, 4].flatMap(() => ["run", "epoch", "epoch", "epoch", "end"]), "summary"],
  );
  const { runs, kind } = summaryOf(workplace, "f");
  assert.deepEqual(lines.at(-1).runs, runs);
  assert.equal(kind, "folds");
  assert.deepEqual(runs.map(({ name, fold }) => [name, fold]), [
    ["f-fold-1", 1],
    ["f-fold-2", 2],
    ["f-fold-3", 3],
    ["f-fold-4", 4],
  ]);
  let validated = 0;
  for (const { name, fold } of runs) {
    const { dataset: { train, validation }, config } = logOf(workplace, name).run!;
    assert.equal(train + validation, 90);
    assert.deepEqual([config.fold, config.folds], [fold, 4]);
    validated += validation;
  }
  assert.equal(validated, 90);
});

testUnless(
  NO_UNIX,
  "a series that is interrupted says which run to continue with, and that one continues with its fold",
  async () => {
    await using workplace = await Workplace.create();
    const endless = [...TRAIN, "--epochs", "1000000", "--folds", "3", "--run", "cut", "--json"];
    await using child = workplace.start(...endless);
    let sent = false;
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (sent || !text.includes('"type":"epoch"')) continue;
      child.kill("SIGINT");
      sent = true;
    }
    assert.equal((await child.status).code, 130);
    await child.stderr.cancel();
    const { status, runs, statistics } = summaryOf(workplace, "cut");
    assert.deepEqual([status, runs.length, runs[0].status], ["interrupted", 1, "interrupted"]);
    assert.equal(statistics.testLoss.count, 0, "statistics are of what was completed");
    await using again = workplace.start("train", "--resume", "cut-fold-1", "--json");
    sent = false;
    for await (const text of again.stdout.pipeThrough(new TextDecoderStream())) {
      if (sent || !text.includes('"type":"epoch"')) continue;
      again.kill("SIGINT");
      sent = true;
    }
    assert.equal((await again.status).code, 130);
    await again.stderr.cancel();
    const { resumes, end } = logOf(workplace, "cut-fold-1");
    assert.deepEqual([resumes.length, end!.stoppedBy], [1, "interruption"]);
  },
);

Deno.test("--validation 0 trains on all rows, and the end reports the test set", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = requireSuccess(
    await workplace.weft(...TRAIN, "--epochs", "6", "--validation", "0", "--run", "all"),
  );
  assert.match(stdout, /^Cross-entropy loss in nats, logarithmic: +\* training\n/);
  assert.doesNotMatch(stdout, /validation/);
  assert.match(stdout, /^test accuracy +[\d.]+ %, loss [\d.]+$/m);
  const { run, epochs, end } = logOf(workplace, "all");
  assert.deepEqual([run!.dataset.train, run!.dataset.validation], [90, 0]);
  for (const { validationLoss, validationAccuracy } of epochs) {
    assert.deepEqual([validationLoss, validationAccuracy], [null, null]);
  }
  assert.deepEqual([end!.validationAccuracy, end!.bestEpoch], [null, null]);
  assert(end!.testAccuracy !== null);
  assert.match(Deno.readTextFileSync(workplace.path("runs/all/loss.svg")), /Training/);
});

Deno.test("--patience stops early, and the best network and the last are saved", async () => {
  await using workplace = await Workplace.create();
  // Labels that mean nothing, so that there is nothing to learn for other rows.
  const labels = Array.from({ length: 90 }, (_, row) => row < 3 ? row : row * row * 7 % 11 % 3);
  await writeFiles(workplace.path("data"), {
    ...stripedIdxFiles(),
    "train-labels-idx1-ubyte": encodeIdxLabels(labels),
  });
  const args = [...TRAIN, "--learning-rate", "0.9", "--epochs", "300", "--patience", "4"];
  const [{ stdout }] = await Promise.all([
    workplace.weft(...args, "--run", "early").then(requireSuccess),
    workplace.weft(...args, "--no-restore-best", "--run", "last").then(requireSuccess),
  ]);
  const { epochs, end, run } = logOf(workplace, "early");
  assert.deepEqual([end!.status, end!.stoppedBy], ["completed", "patience"]);
  assert.equal(run!.config.restoreBest, true);
  const best = end!.bestEpoch!;
  assert.equal(epochs.length, best + 4);
  assert.equal(end!.validationLoss, epochs[best - 1].validationLoss);
  const sentence = `stopped early: the best validation loss is that of epoch ${best}`;
  assert(stdout.includes(`\n${sentence}\nthe model is that of epoch ${best}\n`), stdout);
  assert.match(stdout, /runs\/early\/: log\.jsonl, model\.safetensors, model_last\.safetensors, /);
  const monitored = requireSuccess(
    await workplace.weft(...args, "--monitor", "macroF1", "--run", "monitored"),
  );
  const { bestEpoch } = logOf(workplace, "monitored").end!;
  assert.match(
    monitored.stdout,
    new RegExp(`^stopped early: the best validation macro F1 is that of epoch ${bestEpoch}$`, "m"),
  );
  const last = modelOf(workplace, "early", "model_last.safetensors");
  assert.notDeepEqual(last, modelOf(workplace, "early"));
  assert.deepEqual(last, modelOf(workplace, "last"));
  assert.deepEqual(decodeModel(last, "last").classNames, ["0", "1", "2"]);
  assert(!namesIn(workplace.path("runs/last")).includes("model_last.safetensors"));
  const path = "runs/early/model_last.safetensors";
  requireSuccess(await workplace.weft("evaluate", "--data-dir", "data", "--model", path));
});

Deno.test("evaluate says more than the accuracy", async () => {
  await using workplace = await Workplace.create();
  requireSuccess(await workplace.weft(...TRAIN, "--epochs", "40", "--run", "known"));
  const [text, json] = await Promise.all([[], ["--json"]].map(async (more) => {
    const args = ["evaluate", "--data-dir", "data", "--model", "known", ...more];
    return requireSuccess(await workplace.weft(...args)).stdout;
  }));
  const { topK, macroF1, rocAuc, calibrationError, brier } = JSON.parse(json);
  assert.deepEqual(topK, { 2: 1, 3: 1 });
  assert.deepEqual([macroF1, rocAuc], [1, 1]);
  assert(calibrationError > 0 && calibrationError < 0.5 && brier > 0 && brier < 1);
  assert.match(text, /^top 2 100\.00 %, top 3 100\.00 %$/m);
  assert.match(
    text,
    /^macro F1 1\.0000, ROC AUC 1\.0000, calibration error 0\.\d{4}, Brier score /m,
  );
});

Deno.test("options that cannot be are refused in a line, and nothing is left behind", async () => {
  await using workplace = await Workplace.create();
  const cases: [string[], RegExp, number?][] = [
    [["--seeds", "1"], /^Cannot train with 1 seeds: it must be a whole number of at least 2/],
    [["--seeds", "2.5"], /^Cannot train with 2\.5 seeds: /],
    [["--seeds", "3", "--seed", "4294967294"], /^Cannot train with a seed of 4294967296: /],
    [["--folds", "1"], /^Cannot cross-validate with 1 folds: it must be a whole number/],
    [["--folds", "31"], /^Cannot cross-validate with 31 folds: class 0 has only 30 rows/, 1],
    [["--seeds", "2", "--folds", "2"], /^Cannot train with --seeds and --folds at once: /],
    [["--shift", "17"], /^Cannot train with a shift of 17: .* of at least 0 and at most 16$/],
    [["--shift", "1.5"], /^Cannot train with a shift of 1\.5: it must be a whole number/],
    [["--validation", "1"], /^Cannot train with a validation fraction of 1: .* and below 1$/],
    [["--patience", "-1"], /^Cannot train with a patience of -1: it must be a whole number/],
    [["--patience", "2", "--validation", "0"], /^Cannot stop early without validation rows: /],
    [["--patience", "2", "--validation", "0", "--seeds", "2"], /^Cannot stop early without val/],
    [["--seeds", "2", "--resume", "x"], /^Cannot resume x with --seeds or --folds: /],
  ];
  await forEachCase(cases, async ([args, line, code = 2]) => {
    assert.match(refusalOf(await workplace.weft(...TRAIN, ...args), code), line);
  });
  assert.deepEqual(workplace.contents(), []);
});
