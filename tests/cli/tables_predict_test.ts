/** `predict FILE`: a row for a row, the library's bits, and what is said of rows that are not as those of training. */

import assert from "node:assert/strict";
import { readCsv } from "../../lib/dataset/formats/csv.ts";
import { decodeModel } from "../../lib/model/model_file.ts";
import { predict, predictProbabilities } from "../../lib/train/inference.ts";
import { NO_UNIX, refusalOf, requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { table } from "./table_files.ts";

/** A workplace with a run on a table, each of few epochs. */
async function withRun(name: string, target: string, ...options: string[]): Promise<Workplace> {
  const workplace = await Workplace.create();
  const args = ["train", table(name), "--target", target, "--epochs", "6", "--run", "r"];
  requireSuccess(await workplace.weft(...args, ...options));
  return workplace;
}

const linesOf = (stdout: string) => stdout.trimEnd().split("\n");

Deno.test("answers have the library's bits, from the model alone, in another folder", async () => {
  for (
    const [name, target, ...options] of [
      ["iris.csv", "species"],
      ["passengers.csv", "survived", "--threshold", "f1"],
      ["diabetes.csv", "progression"],
      ["tags.csv", "tags", "--separator", "|"],
    ]
  ) {
    await using workplace = await withRun(name, target, ...options);
    await using elsewhere = await Workplace.create();
    const bytes = await Deno.readFile(workplace.path("runs/r/model.safetensors"));
    await Deno.writeFile(elsewhere.path("model.safetensors"), bytes);
    const args = ["predict", table(name), "--model", "./model.safetensors"];
    const isNumber = name === "diabetes.csv";
    const { stdout, stderr } = requireSuccess(
      await elsewhere.weft(...args, ...isNumber ? [] : ["--proba"]),
    );
    assert.equal(stderr, "");
    const model = decodeModel(bytes);
    const rows = await readCsv(await Deno.readFile(table(name)));
    const answers = await predict<number | number[] & number>(model, rows);
    const lines = linesOf(stdout).slice(1).map((line) => line.split(","));
    assert.equal(lines.length, answers.length);
    if (isNumber) {
      assert.deepEqual(lines.map(([cell]) => Number(cell)), answers);
      continue;
    }
    const probabilities = await predictProbabilities(model, rows);
    const { classNames, task } = model;
    lines.forEach((cells, row) => {
      const own = cells.slice(-classNames.length).map(Number);
      assert.deepEqual(own, [...probabilities[row]], `${name}, row ${row}`);
      const answer: number | number[] = answers[row];
      const said = Array.isArray(answer)
        ? answer.map((label) => classNames[label]).join("|")
        : classNames[answer];
      assert.equal(cells[0].replace(/^""$/, ""), said);
      if (task === "binary") assert.equal(Number(cells[1]), probabilities[row][1]);
      if (task === undefined) assert.equal(Number(cells[1]), Math.max(...probabilities[row]));
    });
  }
});

Deno.test("--keep writes the input as it was, quoted where it must be", async () => {
  await using workplace = await withRun("iris.csv", "species");
  const names = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm,remark";
  const rows = ['5.10,3.5,1.40,.2,"a, ""b"""', " 6.5 ,3.0,5.2,2.0,", '5.0,,1.3,0.20,"two\nlines"'];
  await Deno.writeTextFile(workplace.path("rows.csv"), `\ufeff${names}\r\n${rows.join("\r\n")}`);
  const { stdout, stderr } = requireSuccess(
    await workplace.weft("predict", "rows.csv", "--model", "r", "--keep"),
  );
  assert.match(stderr, /^note: column "remark" is ignored: the model does not know it\n$/);
  const kept = stdout.replaceAll(/,\w+,[\d.e-]+\n/g, "\n");
  assert.equal(
    kept,
    `${names},prediction,probability\n5.10,3.5,1.40,.2,"a, ""b"""\n6.5,3.0,5.2,2.0,\n5.0,,1.3,0.20,"two\nlines"\n`,
  );
  await Deno.writeTextFile(
    workplace.path("rows.jsonl"),
    '{"petal_width_cm": 0.2, "ok": true}\n{"petal_width_cm": null}\n',
  );
  const lines = linesOf(
    requireSuccess(await workplace.weft("predict", "rows.jsonl", "--model", "r", "--keep")).stdout,
  );
  assert.equal(lines[0], "petal_width_cm,ok,prediction,probability");
  assert.match(lines[1], /^0\.2,true,\w+,[\d.]+$/);
  assert.match(lines[2], /^,,\w+,[\d.]+$/);
});

Deno.test("what rows lack, or have that training had not, is said once, with what may be meant", async () => {
  await using workplace = await withRun("passengers.csv", "survived");
  const rows = Array.from({ length: 9 }, () => "30,8,femal,Cherbourg,yes").join("\n");
  await Deno.writeTextFile(
    workplace.path("rows.csv"),
    `age,fare,sex,prt,survived\n${rows}\n`,
  );
  const { stdout, stderr } = requireSuccess(
    await workplace.weft("predict", "rows.csv", "--model", "r", "--json"),
  );
  assert.deepEqual(stderr.trimEnd().split("\n"), [
    'note: column "port" is missing: its values are imputed',
    'note: column "cls" is missing: its values are imputed',
    'note: column "prt" is ignored: the model does not know it; did you mean "port"?',
    'note: column "sex" has values in 9 rows that the model does not know, such as "femal"; did you mean "female"?',
  ]);
  const [first] = linesOf(stdout).map((line) => JSON.parse(line));
  assert.deepEqual(Object.keys(first), ["prediction", "probability"]);
});

testUnless(
  NO_UNIX,
  "rows come from standard input, packed or not; a reader that leaves ends it quietly",
  async () => {
    await using workplace = await withRun("iris.csv", "species");
    const whole = requireSuccess(
      await workplace.weft("predict", table("iris.csv"), "--model", "r"),
    ).stdout;
    const path = table("iris.csv");
    const members = `{ head -50 '${path}' | gzip; tail -n +51 '${path}' | gzip; }`;
    for (const how of [`cat '${path}'`, `gzip -c '${path}'`, members]) {
      const line = `${how} | $WEFT predict - --model r`;
      assert.equal(requireSuccess(await workplace.shell(line)).stdout, whole, how);
    }
    // Many pieces: more than a pipe holds, and more than is read at once.
    const rows = (await Deno.readTextFile(table("iris.csv"))).split("\n").slice(1).join("\n");
    const head = (await Deno.readTextFile(table("iris.csv"))).split("\n")[0];
    await Deno.writeTextFile(workplace.path("many.csv"), `${head}\n${rows.repeat(800)}`);
    const many = await workplace.shell("$WEFT predict many.csv --model r > many.out");
    assert.deepEqual(many, { code: 0, stdout: "", stderr: "" });
    const answers = linesOf(await Deno.readTextFile(workplace.path("many.out")));
    assert.equal(answers.length, 1 + 150 * 800);
    const once = linesOf(whole).slice(1);
    assert(answers.slice(1).every((line, i) => line === once[i % 150]), "whatever part it is in");
    const cut = await workplace.shell(
      "{ $WEFT predict many.csv --model r; echo $? >&2; } | head -2",
    );
    assert.deepEqual({ ...cut, stdout: linesOf(cut.stdout).length }, {
      code: 0,
      stdout: 2,
      stderr: "0\n",
    });
  },
);

Deno.test("what cannot be predicted is refused in a line", async () => {
  await using workplace = await withRun("passengers.csv", "survived");
  requireSuccess(
    await workplace.weft("train", "--data-dir", "data", "--epochs", "1", "--run", "images"),
  );
  await Deno.writeTextFile(workplace.path("other.csv"), "a,b\n1,2\n");
  await Deno.writeTextFile(workplace.path("text.csv"), "age,sex\n1,male\nold,male\n");
  await Deno.writeTextFile(workplace.path("p.csv"), "age,prediction\n1,male\n");
  const cases: [args: string[], code: number, expected: RegExp][] = [
    [["other.csv", "--model", "r"], 1, /of the columns "age".* they have none, but "a", "b"/],
    [["text.csv", "--model", "r"], 1, /"old" in line 3, column "age", for a number/],
    [["p.csv", "--model", "r", "--keep"], 2, /keep the column "prediction": .* one of that name/],
    [
      ["other.csv", "--model", "images"],
      2,
      /the model was not trained on a table, and takes .*--index/,
    ],
    [["other.csv", "--index", "1"], 2, /from other\.csv with --index: give one/],
    [["--proba", "--index", "1"], 2, /--proba without a table/],
    [["data", "--model", "r", "--index", "0"], 2, /it was trained on a table; name rows/],
    [["nothere.csv", "--model", "r"], 1, /nothere\.csv: there is no such file/],
    [["othr.csv", "--model", "r"], 1, /no such file; did you mean other\.csv\?/],
  ];
  for (const [args, code, expected] of cases) {
    const outcome = await workplace.weft("predict", ...args);
    const { stdout } = outcome;
    assert.match(refusalOf({ ...outcome, stdout: "" }, code), expected);
    assert(stdout === "" || args[0] === "text.csv", stdout);
  }
  const evaluated = await workplace.weft("evaluate", "--model", "r");
  assert.match(refusalOf(evaluated, 2), /without a table: it was trained on one; name rows/);
  const begun = await workplace.weft("train", "--from", "r", "--data-dir", "data");
  assert.match(refusalOf(begun, 2), /begin with r on images: it was trained on a table; name one/);
  const onImages = await workplace.weft("evaluate", "other.csv", "--model", "images");
  assert.match(refusalOf(onImages, 2), /on other\.csv: the model was not trained on a table/);
});
