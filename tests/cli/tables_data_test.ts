/** `data FILE`: what would be trained on a table, for people at any width and for programs. */

import assert from "node:assert/strict";
import { displayWidth } from "../../lib/report/display_width.ts";
import { requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { runAtTerminal, whyNoTerminal } from "../support/terminal.ts";
import { randomNumbers, table } from "./table_files.ts";

/** Six of 400 cases are fraud, which two columns give away; another is constant, one a date and one an identifier. */
function cardsTable(): string {
  const random = randomNumbers(11);
  const rows = Array.from({ length: 400 }, (_, i) => {
    const isFraud = i % 70 === 0;
    return [
      1000 + i,
      `2024-01-${String(i % 28 + 1).padStart(2, "0")}T${i % 24}:${i % 60}`,
      (random() * 100).toFixed(2),
      random() < 0.1 ? "" : random() < 0.5 ? "a" : "b",
      7,
      isFraud ? "closed" : "open",
      ((isFraud ? 5 : 1) + random()).toFixed(3),
      isFraud ? "fraud" : "fine",
    ].join();
  });
  return `id,day,amount,kind,version,account,score,outcome\n${rows.join("\n")}\n`;
}

async function withCards(): Promise<Workplace> {
  const workplace = await Workplace.create();
  await Deno.writeTextFile(workplace.path("cards.csv"), cardsTable());
  return workplace;
}

Deno.test("columns, classes and what to mind, with what to do about it", async () => {
  await using workplace = await withCards();
  const { stdout, stderr } = requireSuccess(
    await workplace.weft("data", "cards.csv", "--target", "outcome", "--json"),
  );
  assert.equal(stderr, "");
  const said = JSON.parse(stdout);
  const columns: { name: string; role: string; kind: string; distinct: number }[] = said.columns;
  assert.deepEqual(columns.map(({ name, role, kind }) => `${name}: ${role}, ${kind}`), [
    "id: input, number",
    "day: input, text",
    "amount: input, number",
    "kind: input, category",
    "version: input, number",
    "account: input, category",
    "score: input, number",
    "outcome: target, category",
  ]);
  const [id, , , kind, version] = said.columns;
  assert.deepEqual([id.distinct, id.range], [400, { min: 1000, median: 1199.5, max: 1399 }]);
  assert(kind.holes > 20 && kind.holes < 70 && kind.distinct === 2);
  assert.equal(version.distinct, 1);
  assert.deepEqual([said.task, said.positive, said.rows], ["binary", "fraud", 400]);
  assert.deepEqual(said.classes, [{ name: "fine", rows: 394 }, { name: "fraud", rows: 6 }]);
  assert.deepEqual(said.parts, { train: 320, validation: 80, test: 0 });
  const expected = [
    /^Cannot learn from column "day": .*--ignore day$/,
    /^98\.5 % of the rows are "fine": .*PR AUC.*--class-weights balanced or --threshold f1$/,
    /^the class "fraud" has fewer than 10 rows/,
    /^column "account" tells "outcome" almost alone \(100\.0 % of the rows\): .*--ignore account$/,
    /^column "score" tells "outcome" almost alone .*--ignore score$/,
    /^column "id" is another whole number in each row, perhaps an identifier: .*--ignore id$/,
    /^column "version" has one value in all rows: .*--ignore version$/,
  ];
  assert.equal(said.warnings.length, expected.length, said.warnings.join("\n"));
  expected.forEach((pattern, i) => assert.match(said.warnings[i], pattern));
  assert.equal(said.refusal, said.warnings[0]);
  const { features, rows } = said.preview;
  assert.equal(rows.length, 3);
  assert.equal(rows[0].length, features.length);
  assert(features.includes("kind is missing") && features.includes("account = open"));
});

Deno.test("good tables have nothing to mind; one that cannot be learned is shown all the same", async () => {
  await using workplace = await Workplace.create();
  const warningsOf = async (...args: string[]) =>
    JSON.parse(requireSuccess(await workplace.weft("data", ...args, "--json")).stdout).warnings;
  for (
    const [name, target, ...options] of [
      ["iris.csv", "species"],
      ["wine.csv", "cultivar"],
      ["passengers.csv", "survived"],
      ["diabetes.csv", "progression"],
      ["tags.csv", "tags", "--separator", "|"],
    ]
  ) {
    assert.deepEqual(await warningsOf(table(name), "--target", target, ...options), [], name);
  }
  await Deno.writeTextFile(workplace.path("same.csv"), "a,y\n1,no\n2,no\n3,no\n");
  const one = requireSuccess(await workplace.weft("data", "same.csv", "--target", "y")).stdout;
  assert.match(one, /^a +number/m);
  assert.match(one, /Mind:\n- Cannot learn "y": it is "no" in all 3 rows; give rows that differ/);
  const none = requireSuccess(await workplace.weft("data", table("iris.csv"))).stdout;
  assert.match(none, /name what to predict with --target COLUMN/);
  assert.match(none, /^species +category +- +3 +setosa 33 %/m);
});

testUnless(
  await whyNoTerminal(),
  "the report fits the terminal, at 80 and at 40 columns",
  async () => {
    await using workplace = await withCards();
    const line = workplace.expand("$WEFT data cards.csv --target outcome");
    for (const columns of [80, 40]) {
      const { text, code } = await runAtTerminal(workplace.path("."), line, { columns });
      assert.equal(code, 0, text);
      for (const row of text.split("\r\n")) assert(displayWidth(row) <= columns, row);
      assert.match(text, /id\W+number/);
      assert.match(text, /Mind:/);
    }
  },
);
