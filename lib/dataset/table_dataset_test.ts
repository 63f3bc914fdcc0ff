import assert from "node:assert/strict";
import { UsageError, WeftError } from "../errors.ts";
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

Deno.test("what cannot become a data set is refused in a line that says what to do", async () => {
  const ids = Array.from({ length: 150 }, (_, row) => `2024-01-${row},k${row},${row},${row % 2}`);
  const texts = ["date,key,x,t", ...ids].join("\n");
  const stray = [
    "x,n,t",
    ...Array.from({ length: 30 }, (_, i) => `${i},${i === 7 ? "abc" : i},${i % 2}`),
  ]
    .join("\n");
  const classes = withTarget(Array.from({ length: 300 }, (_, i) => `c${i}`));
  const labels = withTarget(repeated(["a|b"], 9));
  const cases: [string, DatasetOptions, RegExp, typeof WeftError][] = [
    [
      texts,
      { target: "tt" },
      /^Cannot find the target "tt": the columns are date, key, x, t$/,
      UsageError,
    ],
    [
      "survived,x\n0,1\n1,2",
      { target: "survivd" },
      /did you mean "survived"\? the columns are/,
      UsageError,
    ],
    [texts, { target: "t" }, /"date", "key".* leave them out with --ignore date,key$/, UsageError],
    [
      texts,
      { target: "t", columns: { ignore: ["date"] } },
      /column "key": it has 150 distinct texts.* leave it out with --ignore key$/,
      UsageError,
    ],
    [
      texts,
      { target: "t", columns: { ignore: ["dat"] } },
      /column "dat" of ignore: did you mean "date"/,
      UsageError,
    ],
    [
      texts,
      { target: "t", columns: { ignore: ["t"] } },
      /"t" for the target and for a column to ignore/,
      UsageError,
    ],
    [texts, { target: ["t", "t"] }, /target "t" is given twice/, UsageError],
    [texts, { target: [] }, /target is an array; give the name/, UsageError],
    [texts, {} as DatasetOptions, /target is missing; give the name/, UsageError],
    [
      stray,
      { target: "t" },
      /column "n": it has "abc" in line 9 among numbers; mend the cell/,
      UsageError,
    ],
    [stray, { target: "n", columns: {} }, /predict column "n": it has "abc" in line 9/, WeftError],
    [
      stray,
      { target: "t", columns: { numbers: ["n"] } },
      /"abc" in line 9, column "n", for a number/,
      WeftError,
    ],
    [
      stray,
      { target: "n", task: "regression" },
      /"abc" in line 9, column "n", for a number/,
      WeftError,
    ],
    [classes, { target: "t" }, /has 300 distinct values, and 256 are possible/, UsageError],
    [
      classes,
      { target: "x", columns: { categories: ["t", "x"], numbers: ["t"] } },
      /"t" for numbers and for categories/,
      UsageError,
    ],
    [
      withTarget(["a", "a"]),
      { target: "t" },
      /it is "a" in all 2 rows; give rows that differ/,
      WeftError,
    ],
    [withTarget([1.5, 1.5]), { target: "t" }, /it is 1.5 in all 2 rows/, WeftError],
    [withTarget(["", "NA"]), { target: "t" }, /none of its 2 rows has a target/, WeftError],
    [
      withTarget(["a", "b", "c"]),
      { target: "t", task: "binary" },
      /has 3 distinct values .*two are needed/,
      UsageError,
    ],
    [
      withTarget(["a", "b"]),
      { target: "t", task: "regression" },
      /"a" in row 1, column "t", for a number/,
      WeftError,
    ],
    [
      withTarget(["a", "b"]),
      { target: "t", positive: "c" },
      /"c" for the positive value of "t": its values are "a" and "b"/,
      UsageError,
    ],
    [
      withTarget(["a", "b", "c"]),
      { target: "t", positive: "c" },
      /the task is classification/,
      UsageError,
    ],
    [
      withTarget(["a", "b"]),
      { target: "t", task: "sorting" as "auto" },
      /tasks are auto, classification/,
      UsageError,
    ],
    [
      withTarget(["a", "b"]),
      { target: "t", separator: "" },
      /it is empty; give a character/,
      UsageError,
    ],
    [labels, { target: "t", separator: "|" }, /all 9 rows have the same/, WeftError],
    [
      labels,
      { target: "t", task: "binary", separator: "|" },
      /only multi-label tasks have labels/,
      UsageError,
    ],
    [withTarget(["", ""]), { target: "t", separator: "|" }, /no row has one/, WeftError],
    ["t\n1\n2", { target: "t" }, /no column is left to learn from/, UsageError],
    [
      texts,
      { target: "t", columns: { categories: ["date"], impute: "mode" as "mean", ignore: ["key"] } },
      /impute with "mode": it must be median, mean, zero/,
      UsageError,
    ],
    [
      withTarget([1, 2]),
      { target: "t", weights: "x", groups: "x" },
      /"x" for weights and for groups/,
      UsageError,
    ],
    [
      "w,x,t\n-1,1,0\n1,2,1",
      { target: "t", weights: "w" },
      /column "w": it is -1 in row 1/,
      WeftError,
    ],
    [
      "w,x,t\n,1,0\n1,2,1",
      { target: "t", weights: "w" },
      /column "w": there is none in row 1/,
      WeftError,
    ],
    ["x,a,b\n1,0,x\n2,1,y", { target: ["a", "b"] }, /column "b" has texts/, UsageError],
    [
      "x,a,b\n1,0,1\n2,1,2",
      { target: ["a", "b"], task: "multi-label" },
      /Cannot take 2 in row 2, column "b", for a label/,
      UsageError,
    ],
    [
      "x,a,b\n1,0,1\n2,1,2",
      { target: ["a", "b"], task: "binary" },
      /task binary with 2 targets/,
      UsageError,
    ],
    [
      "x,t\n1,1e39\n2,1",
      { target: "t", task: "regression" },
      /1e\+39 in row 1.*beyond float32/,
      WeftError,
    ],
  ];
  for (const [text, options, message, kind] of cases) {
    await assert.rejects(csv(text, options), (error) => {
      assert(error instanceof kind, `${error}`);
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot [^\n]+$/);
      return true;
    });
  }
  assert.throws(() => datasetOf([] as never, { target: "t" }), /table is an array; give a table/);
  assert.throws(() => datasetOf({} as never, { target: "t" }), /table is an Object; give a table/);
});

Deno.test("ten thousand categories are refused, even if they are asked for", async () => {
  const text = ["c,x,t", ...Array.from({ length: 10_000 }, (_, i) => `k${i},1,${i % 2}`)].join(
    "\n",
  );
  const refusal = (columns: DatasetOptions["columns"]) => csv(text, { target: "t", columns });
  await assert.rejects(refusal({}), /column "c": it has 10000 distinct texts.*--ignore c$/);
  await assert.rejects(
    refusal({ categories: ["c"] }),
    /10000 distinct values, and 1000 are possible/,
  );
});
