import assert from "node:assert/strict";
import { readCsv } from "./formats/csv.ts";
import { readJsonLines } from "./formats/json_lines.ts";
import { datasetOf, type DatasetOptions, pickRows } from "./table_dataset.ts";

const csv = async (text: string, options: DatasetOptions) =>
  datasetOf(await readCsv(text), options);

/** A table of `x`, which is a number, and of `t`. */
const withTarget = (cells: readonly (string | number)[]) =>
  ["x,t", ...cells.map((cell, row) => `${row}.5,${cell}`)].join("\n");

/** Cells that repeat, for so many rows. */
const repeated = (cells: readonly (string | number)[], rows: number) =>
  Array.from({ length: rows }, (_, row) => cells[row % cells.length]);

Deno.test("the task follows from the cells of the target", async () => {
  const range = (count: number, step = 1) => Array.from({ length: count }, (_, i) => i * step);
  const cases: [readonly (string | number)[], string, string][] = [
    [["no", "yes"], "binary", "no,yes"],
    [["true", "false", "true"], "binary", "false,true"],
    [[0, 1], "binary", "0,1"],
    [[3, 5], "binary", "3,5"],
    [["b", "a", "c"], "classification", "a,b,c"],
    [["B", "a", "C"], "classification", "B,C,a"],
    [range(20), "classification", range(20).join()],
    [[10, 9, 1], "classification", "1,9,10"],
    [["1.0", "1", "2", "3"], "classification", "1,2,3"],
    [["-0", "0", "2", "-5"], "classification", "-5,0,2"],
    [range(21), "regression", "t"],
    [[0.5, 1], "regression", "t"],
    [["x1", "10", "9"], "classification", "10,9,x1"],
  ];
  for (const [cells, task, names] of cases) {
    const dataset = await csv(withTarget(repeated(cells, 42)), { target: "t" });
    assert.equal(dataset.targets.task, task, String(cells));
    assert.equal(dataset.classNames.join(), names, String(cells));
  }
});

Deno.test("several targets of 0 and 1, or a separator, are labels; several numbers regression", async () => {
  const text = "x,a,b,n,l\n1,0,1,2,p|q\n2,1,0,3,\n3,,1,4, q | p |q\n";
  const bits = await csv(text, { target: ["a", "b"], columns: { ignore: ["l", "n"] } });
  assert.deepEqual(bits.classNames, ["a", "b"]);
  assert.deepEqual(bits.targets, { task: "multi-label", labels: Uint8Array.of(0, 1, 1, 0, 0, 1) });
  assert.equal(bits.dropped, 0);
  const labels = await csv(text, { target: "l", separator: "|" });
  assert.deepEqual(labels.classNames, ["p", "q"]);
  assert.deepEqual(labels.targets, {
    task: "multi-label",
    labels: Uint8Array.of(1, 1, 0, 0, 1, 1),
  });
  assert.deepEqual(labels.classCounts, [2, 2]);
  assert.deepEqual(labels.target, { names: ["l"], separator: "|" });
  const numbers = await csv(text, { target: ["a", "n"], columns: { ignore: ["l"] } });
  assert.deepEqual(numbers.targets, {
    task: "regression",
    values: Float32Array.of(0, 2, 1, 3),
    names: ["a", "n"],
  });
  assert.equal(numbers.dropped, 1);
  assert.deepEqual([...numbers.tableRows], [0, 1]);
});

Deno.test("the positive value is the one that was asked for, or has its name, or is rarer", async () => {
  const cases: [string[], string | undefined, string][] = [
    [["no", "yes"], undefined, "no,yes"],
    [["no", "yes"], "no", "yes,no"],
    [["yes", "no", "no"], undefined, "no,yes"],
    [["Positive", "negative"], undefined, "negative,Positive"],
    [["ham", "ham", "spam"], undefined, "ham,spam"],
    [["ham", "spam", "spam"], undefined, "spam,ham"],
    [["1.0", "2"], "1.00", "2,1"],
  ];
  for (const [cells, positive, names] of cases) {
    const dataset = await csv(withTarget(repeated(cells, 12)), { target: "t", positive });
    assert.equal(dataset.classNames.join(), names);
    const yes = dataset.targets as { readonly labels: Uint8Array };
    assert.equal(yes.labels.reduce((a, b) => a + b), dataset.classCounts[1]);
    assert.match(dataset.notes.join(), /counts as positive/);
  }
});

Deno.test("rows without target are dropped and counted", async () => {
  const dataset = await csv("x,t\n1,a\n2,\n3,b\n4,NA\n5,a\n", { target: "t" });
  assert.equal(dataset.rows, 3);
  assert.equal(dataset.dropped, 2);
  assert.deepEqual([...dataset.tableRows], [0, 2, 4]);
  assert.match(dataset.notes.join("\n"), /^2 rows have no target, and are left out$/m);
});

Deno.test("columns are numbers, categories or refused, as their cells are", async () => {
  const lines = Array.from(
    { length: 120 },
    (_, row) =>
      `${row},${row % 7 ? row / 4 : ""},${"abc"[row % 3]},${row % 4},1,,${row % 2 ? "y" : "n"}`,
  );
  const text = ["id,number,category,code,constant,empty,t", ...lines].join("\n");
  const dataset = await csv(text, { target: "t", columns: { categories: ["code"] } });
  const plan = Object.fromEntries(
    dataset.plan.columns.map(({ name, role, kind, holes, distinct }) => [
      name,
      [role, kind, holes, distinct],
    ]),
  );
  assert.deepEqual(plan, {
    id: ["input", "number", 0, 120],
    number: ["input", "number", 18, 102],
    category: ["input", "category", 0, 3],
    code: ["input", "category", 0, 4],
    constant: ["input", "number", 0, 1],
    empty: ["ignored", "number", 120, 0],
    t: ["target", "category", 0, 2],
  });
  assert.deepEqual(dataset.plan.columns[1].range, { min: 0.25, median: 14.875, max: 29.5 });
  assert.deepEqual(dataset.plan.columns[2].values, [
    { value: "a", rows: 40 },
    { value: "b", rows: 40 },
    { value: "c", rows: 40 },
  ]);
  const notes = dataset.notes.join("\n");
  assert.match(notes, /^column "id" is another whole number in each row/m);
  assert.match(notes, /^column "constant" has one value in all rows$/m);
  assert.match(notes, /^column "empty" is left out: no cell has a value$/m);
});

Deno.test("weights and groups are columns that are no inputs", async () => {
  const dataset = await csv("w,g,x,t\n1,a,1,0\n0,b,2,1\n2.5,a,3,0\n1,,4,1\n1,,5,1\n", {
    target: "t",
    weights: "w",
    groups: "g",
  });
  assert.deepEqual(dataset.weights, Float32Array.of(1, 0, 2.5, 1, 1));
  assert.deepEqual(dataset.groups, Uint32Array.of(0, 1, 0, 2, 3));
  assert.deepEqual(
    dataset.plan.columns.map(({ role }) => role),
    ["weights", "groups", "input", "target"],
  );
  const picked = pickRows(dataset, Uint32Array.of(2, 1));
  assert.deepEqual(picked.weights, Float32Array.of(2.5, 0));
  assert.deepEqual(picked.groups, Uint32Array.of(0, 1));
  assert.deepEqual(picked.targets, { task: "binary", labels: Uint8Array.of(0, 1) });
  assert.deepEqual([...pickRows(picked, Uint32Array.of(1)).tableRows], [1]);
  const [x] = picked.table.columns.filter(({ name }) => name === "x");
  assert(x.kind === "number" && x.values.at(0) === 3 && x.values.at(1) === 2);
});

Deno.test("vectors are inputs, and a vector of numbers is a target", async () => {
  const lines = Array.from(
    { length: 6 },
    (_, i) => JSON.stringify({ v: [i, i * 2], out: [i + 0.5, 3 * i], t: i % 2 ? "a" : "b" }),
  );
  const table = await readJsonLines(lines.join("\n"));
  const dataset = datasetOf(table, { target: "t", columns: { ignore: ["out"] } });
  assert.equal(dataset.plan.columns[0].kind, "vector");
  const regression = datasetOf(table, { target: "out" });
  assert.equal(regression.targets.task, "regression");
  assert.deepEqual(regression.classNames, ["out[0]", "out[1]"]);
});
