/** Runs on tables: they resume to the same bits and on the same rows only, several share their parts, and a search tries them. */

import assert from "node:assert/strict";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { readSearch } from "../../lib/run_log/search/search.ts";
import { NO_UNIX, refusalOf, requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { table } from "./table_files.ts";

const TRAIN = ["train", "rows.csv", "--target", "survived", "--test", "0.2", "--patience", "0"];

async function withRows(): Promise<Workplace> {
  const workplace = await Workplace.create();
  await Deno.copyFile(table("passengers.csv"), workplace.path("rows.csv"));
  return workplace;
}

const logOf = async (workplace: Workplace, run: string) =>
  parseRunLog(await Deno.readFile(workplace.path(`runs/${run}/log.jsonl`)));

const modelOf = (workplace: Workplace, run: string) =>
  Deno.readFile(workplace.path(`runs/${run}/model.safetensors`));

/** Begins a run and interrupts it in its third epoch or later. */
async function interrupted(workplace: Workplace, run: string, ...options: string[]) {
  const args = [...TRAIN, "--no-restore-best", "--epochs", "120", "--run", run, "--json"];
  const child = workplace.start(...args, ...options);
  let said = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (!said.includes('"epoch":3,')) {
    const { value, done } = await reader.read();
    assert(!done, said);
    said += value;
  }
  child.kill("SIGINT");
  const rest = reader.read().then(async function drain({ done }): Promise<void> {
    if (!done) await drain.call(null, await reader.read());
  });
  const [, stderr, { code }] = await Promise.all([
    rest,
    new Response(child.stderr).text(),
    child.status,
  ]);
  assert.equal(code, 130, stderr);
}

testUnless(
  NO_UNIX,
  "a run resumes to the same bits, wherever the user stands, and with its own rows alone",
  async () => {
    await using workplace = await withRows();
    const options = ["--epochs", "120", "--simd", "strict", "--threads", "1", "--ignore", "cls"];
    await interrupted(workplace, "cut", ...options);
    requireSuccess(
      await workplace.weft(...TRAIN, "--no-restore-best", "--run", "whole", ...options),
    );
    const other = ["train", "--resume", "cut", "--data-dir", "data"];
    assert.match(
      refusalOf(await workplace.weft(...other), 2),
      /--data-dir data: it was begun with a/,
    );
    const target = ["train", "rows.csv", "--resume", "cut", "--target", "sex"];
    assert.match(refusalOf(await workplace.weft(...target), 2), /with another --target: it keeps/);

    const path = workplace.path("runs/cut/log.jsonl");
    const log = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, log.replace('"target":["survived"]', '"target":[7]'));
    assert.match(
      refusalOf(await workplace.weft("train", "--resume", "cut"), 1),
      /has a "target" that is none, so it was changed/,
    );
    await Deno.writeTextFile(path, log);

    const rows = await Deno.readTextFile(workplace.path("rows.csv"));
    await Deno.writeTextFile(workplace.path("rows.csv"), rows.replace("female", "male"));
    assert.match(
      refusalOf(await workplace.weft("train", "--resume", "cut"), 2),
      /with other data: rows\.csv .*name it: deno task train FILE --resume cut$/,
    );
    await Deno.remove(workplace.path("rows.csv"));
    assert.match(refusalOf(await workplace.weft("train", "--resume", "cut"), 1), /no such file/);

    // The same rows under another folder are the same rows.
    await Deno.mkdir(workplace.path("moved"));
    await Deno.writeTextFile(workplace.path("moved/rows.csv"), rows);
    requireSuccess(await workplace.weft("train", "moved/rows.csv", "--resume", "cut"));
    assert.deepEqual(await modelOf(workplace, "cut"), await modelOf(workplace, "whole"));
    const { run, epochs } = await logOf(workplace, "cut");
    assert.equal(epochs.length, 120);
    assert.equal(run!.config.data, await Deno.realPath(workplace.path(".")) + "/rows.csv");
    assert.deepEqual(run!.config.ignore, ["cls"]);
  },
);

testUnless(NO_UNIX, "rows of standard input have to be sent again", async () => {
  await using workplace = await withRows();
  const options = "--target survived --epochs 3000 --patience 0 --run piped";
  const child = new Deno.Command("sh", {
    args: ["-c", workplace.expand(`exec $WEFT train - ${options} --json < rows.csv`)],
    cwd: workplace.path("."),
    env: { WEFT_DATA_DIR: "" },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const log = workplace.path("runs/piped/log.jsonl");
  while (!(await Deno.readTextFile(log).catch(() => "")).includes('"epoch":2,')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGINT");
  await child.status;
  assert.match(
    refusalOf(await workplace.weft("train", "--resume", "piped"), 2),
    /came from the standard input: send them again, as in "deno task train - --resume piped < rows/,
  );
  const changed = await workplace.shell("head -900 rows.csv | $WEFT train - --resume piped");
  assert.match(refusalOf(changed, 2), /with other data: stdin/);
});

Deno.test("runs of several seeds have the same parts; folds are fitted each by itself", async () => {
  await using workplace = await withRows();
  const few = ["--epochs", "4"];
  const seeds = requireSuccess(
    await workplace.weft(...TRAIN, ...few, "--seeds", "2", "--run", "s"),
  );
  assert.equal(seeds.stdout.match(/^rows\.csv: 960 rows to learn from, 240 to test/gm)!.length, 1);
  const [first, second] = await Promise.all(
    ["s-seed-42", "s-seed-43"].map((run) => logOf(workplace, run)),
  );
  assert.deepEqual(first.run!.dataset, second.run!.dataset);
  assert.notEqual(first.end!.validationLoss, second.end!.validationLoss);

  requireSuccess(
    await workplace.weft(...TRAIN.slice(0, 4), ...few, "--folds", "3", "--run", "f"),
  );
  const folds = await Promise.all([1, 2, 3].map((fold) => logOf(workplace, `f-fold-${fold}`)));
  const validated = folds.map(({ run }) => run!.dataset.validation);
  assert.equal(validated.reduce((a, b) => a + b), 1200, "every row validates once");
  const { decodeModel } = await import("../../lib/model/model_file.ts");
  const means = await Promise.all([1, 2, 3].map(async (fold) => {
    const { preprocessing } = decodeModel(await modelOf(workplace, `f-fold-${fold}`));
    const [age] = preprocessing!.columns;
    return age.kind === "number" ? age.mean : NaN;
  }));
  assert.equal(new Set(means).size, 3, means.join());
});

Deno.test("the last rows validate, and groups stay together", async () => {
  await using workplace = await Workplace.create();
  const rows = Array.from({ length: 100 }, (_, i) => `${i},${i >> 2},${i % 2 ? "a" : "b"}`);
  await Deno.writeTextFile(workplace.path("rows.csv"), `n,day,y\n${rows.join("\n")}\n`);
  const args = ["train", "rows.csv", "--target", "y", "--epochs", "2"];
  requireSuccess(await workplace.weft(...args, "--split-last", "0.25", "--run", "last"));
  requireSuccess(await workplace.weft(...args, "--split-by", "day", "--run", "days"));
  const { decodeModel } = await import("../../lib/model/model_file.ts");
  const last = decodeModel(await modelOf(workplace, "last"));
  const [number] = last.preprocessing!.columns;
  // Of 0 to 74: the last rows have no part in it.
  assert(number.kind === "number" && number.mean === 37, JSON.stringify(number));
  const { run } = await logOf(workplace, "days");
  assert.equal(run!.dataset.validation % 4, 0);
  assert.equal(run!.config.splitBy, "day");
  assert.deepEqual((await logOf(workplace, "last")).run!.config.splitLast, 0.25);
});

Deno.test("a search tries options on a table, and says how to train the best again", async () => {
  await using workplace = await withRows();
  const space = { "learning-rate": [0.001, 0.01], epochs: 3 };
  await Deno.writeTextFile(workplace.path("space.json"), JSON.stringify(space));
  const args = ["search", "rows.csv", "--target", "survived", "--space", "space.json"];
  const { stdout } = requireSuccess(await workplace.weft(...args, "--name", "s"));
  const path = await Deno.realPath(workplace.path("rows.csv"));
  assert.match(
    stdout,
    /\ndeno task train .*rows\.csv --target=survived --preset tabular --learning/,
  );
  const { search } = readSearch(await Deno.readFile(workplace.path("runs/s/search.json")));
  assert.deepEqual(search!.data, [path, "--target=survived"]);
  assert.deepEqual(search!.trials.map(({ status }) => status), ["completed", "completed"]);
  // A file that was changed is no way to hand over arguments.
  const forged = { ...search, status: "interrupted", data: ["--runs", "/elsewhere"] };
  await Deno.writeTextFile(workplace.path("runs/s/search.json"), JSON.stringify(forged));
  const forgedLine = refusalOf(await workplace.weft("search", "--resume", "s"), 1);
  assert.match(forgedLine, /what it says of its table is none of Weft's/);
  const wrong = ["search", "rows.csv", "--target", "surived", "--space", "space.json"];
  assert.match(refusalOf(await workplace.weft(...wrong), 2), /did you mean "survived"\?/);
  await Deno.writeTextFile(workplace.path("dates.csv"), datesTable());
  const dates = ["search", "dates.csv", "--target", "y", "--space", "space.json"];
  assert.match(refusalOf(await workplace.weft(...dates), 2), /column "day".*--ignore day$/);
  await Deno.writeTextFile(workplace.path("data.json"), JSON.stringify({ target: ["a", "b"] }));
  const reserved = ["search", "rows.csv", "--target", "survived", "--space", "data.json"];
  assert.match(
    refusalOf(await workplace.weft(...reserved), 2),
    /give --target to the search itself/,
  );
});

function datesTable(): string {
  const rows = Array.from({ length: 200 }, (_, i) => `2024-${i},${i % 2},${i % 3}`);
  return `day,y,z\n${rows.join("\n")}\n`;
}
