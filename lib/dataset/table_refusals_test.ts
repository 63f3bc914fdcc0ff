import assert from "node:assert/strict";
import { UsageError, WeftError } from "../errors.ts";
import { readCsv } from "./formats/csv.ts";
import { datasetOf, type DatasetOptions } from "./table_dataset.ts";

const csv = async (text: string, options: DatasetOptions) =>
  datasetOf(await readCsv(text), options);

/** A table of `x`, which is a number, and of `t`. */
const withTarget = (cells: readonly (string | number)[]) =>
  ["x,t", ...cells.map((cell, row) => `${row}.5,${cell}`)].join("\n");

/** Cells that repeat, for so many rows. */
const repeated = (cells: readonly (string | number)[], rows: number) =>
  Array.from({ length: rows }, (_, row) => cells[row % cells.length]);

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
