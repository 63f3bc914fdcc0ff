import assert from "node:assert/strict";
import fc from "fast-check";
import { WeftError } from "../../errors.ts";
import { readCsv } from "../formats/csv.ts";
import type { Table } from "../table.ts";
import { planColumns } from "./column_plan.ts";
import { encode } from "./encode.ts";
import { fitPreprocessing } from "./fit.ts";
import { mergeNotes, noteLines } from "./notes.ts";
import { featureCount, featureNames, type Preprocessing } from "./preprocessing.ts";

const PREPROCESSING: Preprocessing = {
  columns: [
    { kind: "number", name: "age", impute: 30, indicator: true, mean: 40, std: 20 },
    { kind: "category", name: "port", values: ["Cork", "Dover"], hole: true },
    { kind: "number", name: "fare", impute: 8, indicator: false, mean: 10, std: 4 },
  ],
  ignored: ["ticket"],
  target: { names: ["survived"] },
};

const NAMES = [
  "age",
  "age is missing",
  "port = Cork",
  "port = Dover",
  "port is missing",
  "port is unknown",
  "fare",
];

Deno.test("features stand where their names say", () => {
  assert.deepEqual(featureNames(PREPROCESSING), NAMES);
  assert.equal(featureCount(PREPROCESSING), NAMES.length);
  const { values, rows, notes } = encode(PREPROCESSING, [
    { age: 60, port: "Dover", fare: 12 },
    { age: null, port: "", fare: "NA" },
    { age: "20", port: " Cork ", fare: 10n },
    { port: "Riga", fare: NaN },
  ]);
  assert.equal(rows, 4);
  assert.deepEqual([...values], [
    ...[1, 0, 0, 1, 0, 0, 0.5],
    ...[-0.5, 1, 0, 0, 1, 0, -0.5],
    ...[-1, 0, 1, 0, 0, 0, 0],
    ...[-0.5, 1, 0, 0, 0, 1, -0.5],
  ]);
  assert.deepEqual(notes.unknownValues, [
    { column: "port", rows: 1, value: "Riga", suggestion: null },
  ]);
});

Deno.test("a table and objects of the same cells have the same bits", async () => {
  const text =
    "fare,port,age,ticket,survived\n7.25,Cork,22,A/5,no\n,Dover,,PC 17,yes\n71.2833,,38,x,no\n";
  const table = await readCsv(text);
  const objects = [
    { fare: 7.25, port: "Cork", age: 22, survived: "no" },
    { port: "Dover", ticket: "PC 17" },
    { fare: "71.2833", port: null, age: "38" },
  ];
  const [a, b] = [encode(PREPROCESSING, table), encode(PREPROCESSING, objects)];
  assert.deepEqual(a.values, b.values);
  assert.deepEqual(noteLines(a.notes), []);
  assert.deepEqual(noteLines(b.notes), []);
});

Deno.test("what is odd is told once, with what may be meant", async () => {
  const table = await readCsv("agee,port,color\n1,Corc,red\n2,Dver,red\n3,Corc,blue\n");
  const { notes } = encode(PREPROCESSING, table);
  assert.deepEqual(noteLines(notes), [
    'column "age" is missing: its values are imputed',
    'column "fare" is missing: its values are imputed',
    'column "agee" is ignored: the model does not know it; did you mean "age"?',
    'column "color" is ignored: the model does not know it',
    'column "port" has values in 3 rows that the model does not know, such as "Corc"; did you mean "Cork"?',
  ]);
  const twice = mergeNotes(notes, encode(PREPROCESSING, [{ port: "Bern" }]).notes);
  assert.equal(twice.unknownValues[0].rows, 4);
  assert.deepEqual(twice.missing, ["age", "fare"]);
  assert.equal(twice.unknownColumns.length, 2);
});

Deno.test("names that every object inherits are no columns", () => {
  const column = { kind: "number", impute: 2, indicator: false, mean: 0, std: 1 } as const;
  const names = ["constructor", "__proto__", "toString"];
  const preprocessing = {
    columns: names.map((name) => ({ ...column, name })),
    ignored: [],
    target: { names: ["y"] },
  };
  assert.deepEqual([...encode(preprocessing, [{}]).values], [2, 2, 2]);
  assert.deepEqual([...encode(preprocessing, [JSON.parse('{"__proto__":5}')]).values], [2, 5, 2]);
});

Deno.test("cells that cannot be encoded are refused in a line that names them", async () => {
  const vector: Preprocessing = {
    columns: [{ kind: "vector", name: "v", size: 2, mean: null, std: null }],
    ignored: [],
    target: { names: ["y"] },
  };
  const refused: [() => unknown, RegExp][] = [
    [() => encode(PREPROCESSING, [{ age: 1 }, { age: "old" }]), /"old" in row 2, column "age"/],
    [() => encode(PREPROCESSING, [{ age: Infinity }]), /Infinity" in row 1, column "age"/],
    [() => encode(PREPROCESSING, [{ age: 1e300 }]), /1e\+300 in row 1, .*beyond float32/],
    [() => encode(PREPROCESSING, [{ age: true }]), /"true" in row 1, column "age"/],
    [() => encode(PREPROCESSING, [{ age: [1] }]), /a list of 1 in row 1, column "age"/],
    [() => encode(PREPROCESSING, [{ port: {} }]), /object in row 1, column "port"/],
    [
      () => encode(PREPROCESSING, [{ color: "red" }]),
      /"age", "port", "fare" they have none, but "color"/,
    ],
    [() => encode(PREPROCESSING, { age: 1 } as unknown as []), /neither a table nor an array/],
    [() => encode(PREPROCESSING, [null as unknown as object]), /row 1: it is no object/],
    [
      () => encode(vector, [{ v: [1, 2, 3] }]),
      /a list of 3 in row 1, column "v".*list of 2 numbers/,
    ],
    [() => encode(vector, [{ v: [1, "x"] }]), /NaN|x in row 1, column "v\[1\]"/],
    [() => encode(vector, [{ v: 3 }]), /"3" in row 1, column "v"/],
  ];
  for (const [run, message] of refused) assertRefused(run, message);
  const stray = await readCsv("age\n1\n2\nold\n");
  assertRefused(() => encode(PREPROCESSING, stray), /^Cannot take "old" in line 4, column "age"/);
});

function assertRefused(run: () => unknown, message: RegExp): void {
  assert.throws(run, (error) => {
    assert(error instanceof WeftError, String(error));
    assert.match(error.message, message);
    assert.match(error.message, /^Cannot [^\n]+$/);
    return true;
  });
}

/** A table of a number, a category and a vector, with holes. */
const tables = fc.array(
  fc.record({
    n: fc.oneof(fc.constant(NaN), fc.integer({ min: -1e6, max: 1e6 }).map((it) => it / 7)),
    c: fc.constantFrom("", "x", "y", "z", "1", "2.50"),
    v: fc.tuple(fc.float({ noNaN: true, min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })),
  }),
  { minLength: 4, maxLength: 30 },
);
type Row = { readonly n: number; readonly c: string; readonly v: readonly number[] };

function tableOf(rows: readonly Row[]): Table {
  const texts = ["x", "y", "z", "1", "2.5"];
  return {
    rows: rows.length,
    columns: [
      { kind: "number", name: "n", values: Float64Array.from(rows, ({ n }) => n) },
      {
        kind: "text",
        name: "c",
        texts,
        codes: rows.map(({ c }) => texts.indexOf(c === "2.50" ? "2.5" : c)),
      },
      {
        kind: "vector",
        name: "v",
        size: 2,
        values: Float32Array.from(rows.flatMap(({ v }) => [...v])),
      },
    ],
    notes: [],
  };
}

const fitted = (table: Table, rows: Uint32Array) =>
  fitPreprocessing(table, rows, planColumns(table, { targets: [] }), { names: ["y"] });

Deno.test("what is fitted is plain JSON, which encodes to the same bits", () => {
  fc.assert(fc.property(tables, (rows) => {
    const table = tableOf(rows);
    const preprocessing = fitted(table, Uint32Array.from(rows.keys()));
    const again = JSON.parse(JSON.stringify(preprocessing));
    assert.deepEqual(again, preprocessing);
    assert.deepEqual(encode(again, table).values, encode(preprocessing, table).values);
    assert.deepEqual(encode(again, rows).values, encode(preprocessing, table).values);
  }));
});

Deno.test("the order of the training rows has no effect, not even on the last bit", () => {
  fc.assert(fc.property(tables, fc.infiniteStream(fc.nat()), (rows, keys) => {
    const keyed = rows.map((row) => ({ row, key: keys.next().value as number }));
    const mixed = keyed.sort((a, b) => a.key - b.key).map(({ row }) => row);
    const all = Uint32Array.from(rows.keys());
    assert.deepEqual(fitted(tableOf(mixed), all), fitted(tableOf(rows), all.toReversed()));
  }));
});

Deno.test("rows that are not trained on have no effect on what is fitted", () => {
  fc.assert(fc.property(tables, tables, (rows, others) => {
    const trained = Uint32Array.from({ length: rows.length - 2 }, (_, row) => row);
    // The same kinds of columns, and other cells in the rows that are held out.
    const changed = [...rows.slice(0, -2), ...others.slice(0, 2)];
    const plan = planColumns(tableOf([...rows, ...others]), { targets: [] });
    const target = { names: ["y"] };
    assert.deepEqual(
      fitPreprocessing(tableOf(changed), trained, plan, target),
      fitPreprocessing(tableOf(rows), trained, plan, target),
    );
  }));
});

Deno.test("training rows are standardized, column by column", () => {
  fc.assert(fc.property(tables, (rows) => {
    const table = tableOf(rows);
    const preprocessing = fitted(table, Uint32Array.from(rows.keys()));
    const { values } = encode(preprocessing, table);
    const size = featureCount(preprocessing);
    const names = featureNames(preprocessing);
    for (const name of ["n", "v[0]", "v[1]"]) {
      const at = names.indexOf(name);
      if (at < 0) continue; // All holes.
      const column = Array.from(rows, (_, row) => values[row * size + at]);
      const mean = column.reduce((a, b) => a + b) / rows.length;
      const square = column.reduce((sum, value) => sum + value * value, 0) / rows.length;
      assert(Math.abs(mean) < 1e-5, `${name}: ${mean}`);
      assert(Math.abs(square - 1) < 1e-4 || column.every((value) => Math.abs(value) < 1e-5));
    }
    // Of each category column one feature is 1, and in rows that were trained on never the last.
    const [first, last] = [
      names.findIndex((name) => name.startsWith("c ")),
      names.indexOf("c is unknown"),
    ];
    if (first < 0) return;
    for (let row = 0; row < rows.length; row++) {
      const own = values.subarray(row * size + first, row * size + last + 1);
      assert.equal(own.reduce((a, b) => a + b), 1);
      assert.equal(own.at(-1), 0);
    }
  }));
});

Deno.test("the unit of a column has no effect on its features, however small or large numbers are", () => {
  const exponents = fc.integer({ min: -300, max: 280 });
  fc.assert(fc.property(tables, exponents, (rows, exponent) => {
    const scaled = rows.map((row) => ({ ...row, n: row.n * 10 ** exponent }));
    const all = Uint32Array.from(rows.keys());
    const [a, b] = [rows, scaled].map((rows) => {
      const table = tableOf(rows);
      return encode(fitted(table, all), table).values;
    });
    a.forEach((value, i) => assert(Math.abs(value - b[i]) < 1e-4, `${value}, ${b[i]}`));
  }));
});

Deno.test("what differs by roundings alone is one value", async () => {
  const table = await readCsv("x,y\n1e15,0\n1e15,0\n1000000000000000.1,1\n");
  const plan = planColumns(table, { targets: ["y"] });
  const { columns: [x] } = fitPreprocessing(table, Uint32Array.of(0, 1, 2), plan);
  assert(x.kind === "number");
  assert.equal(x.std, 1);
});

Deno.test("holes are imputed as asked for", async () => {
  const table = await readCsv("x,y\n1,0\n2,0\n,0\n9,0\n,0\n");
  const all = Uint32Array.from({ length: 5 }, (_, row) => row);
  const imputed = { median: 2, mean: 4, zero: 0 };
  for (const [impute, value] of Object.entries(imputed)) {
    const choices = { impute: impute as keyof typeof imputed };
    const plan = planColumns(table, { targets: ["y"] }, choices);
    const { columns: [x] } = fitPreprocessing(table, all, plan);
    assert(x.kind === "number");
    assert.equal(x.impute, value);
    assert.equal(x.indicator, true);
    assert.equal(x.mean, (12 + 2 * value) / 5);
  }
  const plan = planColumns(table, { targets: ["y"] });
  const { columns: [x] } = fitPreprocessing(table, Uint32Array.of(0, 1, 3), plan);
  assert(x.kind === "number" && !x.indicator && x.impute === 2);
});

Deno.test("a column of one value is only centered, and one that is too large refused", async () => {
  const table = await readCsv("x,h,y\n0.1,1e308,0\n0.1,1.5e308,0\n0.1,2,0\n");
  const all = Uint32Array.of(0, 1, 2);
  const plan = planColumns(table, { targets: ["y"] }, { ignore: ["h"] });
  const { columns: [x] } = fitPreprocessing(table, all, plan);
  assert.deepEqual(x, {
    kind: "number",
    name: "x",
    impute: 0.1,
    indicator: false,
    mean: 0.1,
    std: 1,
  });
  const whole = planColumns(table, { targets: ["y"] });
  assertRefused(() => fitPreprocessing(table, all, whole), /^Cannot standardize column "h"/);
});
