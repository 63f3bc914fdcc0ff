/**
 * What people have tables for, from the command line, each in two lines at most: classes, numbers, rare cases, labels, and
 * continuing with a model. What comes out is at least what a linear model reaches.
 */

import assert from "node:assert/strict";
import { decodeModel } from "../../lib/model/model_file.ts";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { requireSuccess, Workplace } from "../support/cli.ts";
import { randomNumbers, table } from "./table_files.ts";

/** The last record of a command's `--json`. */
function endOf(stdout: string) {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1)!);
}

Deno.test("classes: one line trains and tests, another answers", async () => {
  await using workplace = await Workplace.create();
  const trained = requireSuccess(
    await workplace.weft(
      "train",
      table("iris.csv"),
      "--target",
      "species",
      "--test",
      "0.25",
      "--run",
      "iris",
    ),
  );
  assert.match(trained.stdout, /^iris\.csv: 112 rows to learn from, 38 to test; preset tabular\n/);
  assert.match(
    trained.stdout,
    /\nspecies: classification \(3 distinct texts in "species"\); setosa/,
  );
  assert.match(trained.stdout, /\nfrom numbers sepal_length_cm, .* 4\s+features\n/);
  const log = parseRunLog(await Deno.readFile(workplace.path("runs/iris/log.jsonl")));
  assert.equal(log.run!.config.preset, "tabular");
  assert.deepEqual(log.run!.features!.columns!.slice(0, 1), [
    { name: "sepal_length_cm", kind: "number", features: 1, holes: 0 },
  ]);
  assert.equal(log.run!.dataset.test, 38);
  assert(log.end!.testAccuracy! > 0.85, String(log.end!.testAccuracy));

  const { stdout } = requireSuccess(
    await workplace.weft("predict", table("iris.csv"), "--model", "iris"),
  );
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines[0], "prediction,probability");
  const truth = (await Deno.readTextFile(table("iris.csv"))).trimEnd().split("\n").slice(1)
    .map((line) => line.split(",").at(-1));
  const right = lines.slice(1).filter((line, i) => line.split(",")[0] === truth[i]);
  assert.equal(lines.length - 1, truth.length);
  assert(right.length > 0.94 * truth.length, String(right.length));
});

Deno.test("numbers: a regression in the target's unit", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = requireSuccess(
    await workplace.weft(
      "train",
      table("diabetes.csv"),
      "--target",
      "progression",
      "--test",
      "0.25",
      "--run",
      "d",
      "--json",
    ),
  );
  const { test } = endOf(stdout);
  // Of all rows, the mean alone has an error of 77.
  assert(test.rmse < 60 && test.mae < test.rmse && test.r2 > 0.35, JSON.stringify(test));
  const said = requireSuccess(
    await workplace.weft("evaluate", table("diabetes.csv"), "--model", "d"),
  ).stdout;
  assert.match(said, /442 rows of diabetes\.csv\nLoss .*RMSE \d+\.\d+, MAE \d+\.\d+, R2 0\.\d+/);
});

/** 4,000 rows, of which 2 % are the rare case: two numbers tell most of them. */
function rareCases(): string {
  const random = randomNumbers(7);
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const rows = Array.from({ length: 4000 }, (_, i) => {
    const isRare = i % 50 === 0;
    const numbers = [normal() + (isRare ? 2 : 0), normal() - (isRare ? 2 : 0), normal()];
    return [...numbers.map((value) => value.toFixed(3)), isRare ? "fraud" : "fine"].join();
  });
  return `amount,age,noise,outcome\n${rows.join("\n")}\n`;
}

Deno.test("rare cases: a threshold that finds nine of ten, chosen on validation rows and used everywhere", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeTextFile(workplace.path("cards.csv"), rareCases());
  const { stdout } = requireSuccess(
    await workplace.weft(
      ...["train", "cards.csv", "--target", "outcome", "--threshold", "recall=0.9"],
      ...["--test", "0.25", "--run", "r", "--json"],
    ),
  );
  const end = endOf(stdout);
  const model = decodeModel(await Deno.readFile(workplace.path("runs/r/model.safetensors")));
  assert.equal(model.threshold, end.threshold);
  assert(end.threshold < 0.5 && end.validation.recall >= 0.9 && end.test.recall > 0.7);
  assert(end.test.prAuc > 0.3, JSON.stringify(end.test));
  const predicted = requireSuccess(await workplace.weft("predict", "cards.csv", "--model", "r"));
  for (const line of predicted.stdout.trimEnd().split("\n").slice(1)) {
    const [prediction, probability] = line.split(",");
    assert.equal(prediction, Number(probability) >= end.threshold ? "fraud" : "fine", line);
  }
});

Deno.test("labels: several for each row, in one column", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = requireSuccess(
    await workplace.weft(
      ...["train", table("tags.csv"), "--target", "tags", "--separator", "|"],
      ...["--test", "0.25", "--run", "tags", "--json"],
    ),
  );
  const { test } = endOf(stdout);
  assert(test.microF1 > 0.72, JSON.stringify(test));
  const predicted = requireSuccess(
    await workplace.weft("predict", table("tags.csv"), "--model", "tags"),
  ).stdout.split("\n");
  assert.equal(predicted[0], "prediction");
  const cells = new Set(predicted.slice(1, -1).flatMap((line) => line.split("|")));
  // A row may have none, and the rarest label may be in no answer.
  for (const cell of cells) assert.match(cell, /^(tag[0-5]|"")$/);
  assert(cells.size >= 5, [...cells].join());
});

Deno.test("continuing: with new rows, frozen layers, and a class that the model did not know", async () => {
  await using workplace = await Workplace.create();
  const lines = (await Deno.readTextFile(table("iris.csv"))).trimEnd().split("\n");
  const rows = lines.slice(1);
  const write = (name: string, rows: string[]) =>
    Deno.writeTextFile(workplace.path(name), [lines[0], ...rows, ""].join("\n"));
  const is = (name: string) => (row: string) => row.endsWith(name);
  await write("two.csv", rows.filter((row) => !is("virginica")(row)));
  await write("three.csv", rows);
  requireSuccess(
    await workplace.weft("train", "two.csv", "--target", "species", "--run", "two"),
  );
  requireSuccess(
    await workplace.weft("train", "three.csv", "--from", "two", "--freeze", "1", "--run", "three"),
  );
  const [two, three] = await Promise.all(
    ["two", "three"].map(async (run) =>
      decodeModel(await Deno.readFile(workplace.path(`runs/${run}/model.safetensors`)))
    ),
  );
  assert.deepEqual(three.classNames, ["setosa", "versicolor", "virginica"]);
  assert.deepEqual(three.parameters[0], two.parameters[0], "the first layer is frozen");
  assert.deepEqual(three.preprocessing!.columns, two.preprocessing!.columns);
  const { stdout } = requireSuccess(
    await workplace.weft("evaluate", "three.csv", "--model", "three", "--json"),
  );
  // What two classes have taught the frozen layer tells most of the third one, too.
  assert(JSON.parse(stdout).accuracy > 0.8, stdout.slice(0, 300));
  const { run } = parseRunLog(await Deno.readFile(workplace.path("runs/three/log.jsonl")));
  assert.deepEqual([run!.config.from, run!.config.freeze], ["two", 1]);
});
