import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError, WeftError } from "../../errors.ts";
import type { Table } from "../table.ts";
import { splitWindows } from "./split_windows.ts";
import { fitWindows, windowParts, windowSamples } from "./window_samples.ts";
import { pickWindows, type WindowDataset, type WindowOptions, windowsOf } from "./windows.ts";

/** A table with a clock, the row's number in a form that is none, classes that change now and then, and groups. */
function tableOf(rows: number, groups?: readonly number[]): Table {
  const at = Array.from({ length: rows }, (_, row) => row);
  const number = (name: string, values: number[]) => ({ kind: "number" as const, name, values });
  return {
    rows,
    columns: [
      number("t", at),
      number("x", at.map((row) => -row)),
      number("y", at.map((row) => (row * row) % 7)),
      {
        kind: "text",
        name: "c",
        texts: ["b", "a"],
        codes: at.map((row) => Math.floor(row / 9) % 2),
      },
      ...groups ? [number("g", [...groups])] : [],
    ],
    notes: [],
  };
}

const rowsOf = ({ places, starts, length }: WindowDataset, window: number) => [
  ...places.subarray(starts[window], starts[window] + length),
];

const shapes = fc.record({
  length: fc.integer({ min: 1, max: 12 }),
  stride: fc.integer({ min: 1, max: 14 }),
});
const manyRows = fc.integer({ min: 60, max: 300 });

Deno.test("windows are rows of one group that follow each other, and end in what is to be learned", () => {
  const groupings = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 60, maxLength: 120 });
  fc.assert(fc.property(groupings, shapes, (groups, { length, stride }) => {
    const table = tableOf(groups.length, groups);
    const windows = (): WindowDataset | null => {
      try {
        return windowsOf(table, { length, stride, target: "c", groups: "g" });
      } catch (error) {
        // Too few rows of a group, or too few ends for two classes.
        assert(error instanceof WeftError);
        return null;
      }
    };
    const dataset = windows();
    if (!dataset) return;
    const series = new Map<number, number[]>();
    groups.forEach((group, row) => series.set(group, [...series.get(group) ?? [], row]));
    let window = 0;
    for (const rows of series.values()) {
      for (let at = 0; at + length <= rows.length; at += stride, window++) {
        assert.deepEqual(rowsOf(dataset, window), rows.slice(at, at + length));
      }
    }
    assert.equal(window, dataset.rows);
    const { targets, classNames } = dataset.ends;
    assert(targets.task === "binary");
    targets.labels.forEach((label, i) => {
      const last = rowsOf(dataset, i).at(-1)!;
      assert.equal(classNames[label], Math.floor(last / 9) % 2 === 0 ? "b" : "a");
    });
  }));
});

Deno.test("no row is in windows of both parts, and the gap lies between them", () => {
  const splits = fc.record({
    fraction: fc.double({ min: 0.1, max: 0.5, noNaN: true }),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    last: fc.boolean(),
    gap: fc.integer({ min: 0, max: 10 }),
  });
  let held = 0;
  fc.assert(fc.property(manyRows, shapes, splits, (rows, shape, options) => {
    const dataset = windowsOf(tableOf(rows), { ...shape, target: "c" });
    let split;
    try {
      split = splitWindows(dataset, options);
    } catch (error) {
      assert(error instanceof WeftError);
      return;
    }
    held++;
    const learned = new Set([...split.train].flatMap((window) => rowsOf(dataset, window)));
    for (const window of split.validation) {
      const own = rowsOf(dataset, window);
      for (let row = own[0] - options.gap; row <= own.at(-1)! + options.gap; row++) {
        assert(!learned.has(row), `row ${row} of window ${window} is trained on`);
      }
    }
    const numbers = [...split.train, ...split.validation];
    assert.equal(new Set(numbers).size, numbers.length);
    if (!options.last) return;
    // All that is tested comes after all that is learned.
    assert(
      Math.max(...learned) < Math.min(...split.validation.map((it) => rowsOf(dataset, it)[0])),
    );
    assert.equal(split.validation.length, Math.ceil(options.fraction * dataset.rows));
  }));
  assert(held > 50, `${held} of 100 splits were possible`);
});

Deno.test("groups are never cut, whichever rows of the table they have", () => {
  const groupings = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 80, maxLength: 160 });
  const options = fc.record({ last: fc.boolean(), seed: fc.integer({ min: 0, max: 1000 }) });
  fc.assert(fc.property(groupings, options, (groups, more) => {
    fc.pre(new Set(groups).size > 3);
    const table = tableOf(groups.length, groups);
    const dataset = windowsOf(table, { length: 3, stride: 2, target: "x", groups: "g" });
    const { train, validation } = splitWindows(dataset, { fraction: 0.3, ...more });
    const of = (part: Uint32Array) =>
      new Set(Array.from(part, (it) => groups[rowsOf(dataset, it)[0]]));
    const [first, second] = [of(train), of(validation)];
    assert.equal(train.length + validation.length, dataset.rows);
    for (const group of second) assert(!first.has(group));
  }));
});

Deno.test("blocks of overlapping windows have classes in proportion", () => {
  const rows = 4000;
  const base = tableOf(rows);
  // Nine parts of ten are "a".
  const codes = Array.from({ length: rows }, (_, row) => Math.floor(row / 100) % 10 === 0 ? 0 : 1);
  const columns = base.columns.map((it) => it.kind === "text" ? { ...it, codes } : it);
  const dataset = windowsOf({ ...base, columns }, { length: 10, stride: 2, target: "c" });
  for (const seed of [0, 1, 2]) {
    const { validation } = splitWindows(dataset, { fraction: 0.25, seed });
    const { ends: { targets } } = pickWindows(dataset, validation);
    assert(targets.task === "binary");
    const share = targets.labels.reduce((sum, label) => sum + label, 0) / targets.labels.length;
    assert(Math.abs(share - 0.1) < 0.06, `${share}`);
    assert(Math.abs(validation.length / dataset.rows - 0.25) < 0.02);
  }
});

Deno.test("features are standardized by the rows that are trained on, and by no others", () => {
  const table = tableOf(200);
  const dataset = windowsOf(table, { length: 5, stride: 3, target: "c" });
  const options = { test: 0.25, validation: 0.25, seed: 3, last: true };
  const parts = windowParts(dataset, options);
  assert.deepEqual(parts.train.shape, [5, 2]);
  const learned = new Set<number>();
  const { train } = splitWindows(
    pickWindows(dataset, splitWindows(dataset, { ...options, fraction: 0.25 }).train),
    { ...options, fraction: 0.25 },
  );
  for (const window of train) for (const row of rowsOf(dataset, window)) learned.add(row);
  const values = [...learned].map((row) => -row);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, it) => sum + (it - mean) ** 2, 0) / values.length);
  const [x] = parts.preprocessing.columns;
  assert(x.kind === "number" && Math.abs(x.mean - mean) < 1e-9 && Math.abs(x.std - std) < 1e-9);
  const { features } = parts.train;
  assert(features instanceof Float32Array);
  rowsOf(dataset, 1).forEach((row, step) => {
    assert.equal(features[(5 + step) * 2], Math.fround((-row - x.mean) / x.std));
  });
  // Other values of rows that are not trained on leave training as it is.
  const last = Math.max(...learned);
  const columns = table.columns.map((column) =>
    column.kind === "number" && column.name === "x"
      ? {
        ...column,
        values: Array.from({ length: 200 }, (_, row) => row > last ? 1e6 * row : -row),
      }
      : column
  );
  const other = windowParts(
    windowsOf({ ...table, columns }, { length: 5, stride: 3, target: "c" }),
    options,
  );
  assert.deepEqual(other.preprocessing, parts.preprocessing);
  assert.deepEqual(other.train.features, parts.train.features);
  assert.notDeepEqual(other.test!.features, parts.test!.features);
  assert.deepEqual(parts.classNames, ["a", "b"].toSorted());
});

Deno.test("windows in groups read the rows of their group", () => {
  const groups = Array.from({ length: 40 }, (_, row) => row % 2);
  const dataset = windowsOf(tableOf(40, groups), {
    length: 4,
    stride: 1,
    target: "x",
    groups: "g",
  });
  const preprocessing = fitWindows(dataset);
  assert.equal(preprocessing.window!.groups, "g");
  const { data } = windowSamples(dataset, preprocessing);
  const { columns: [y] } = preprocessing;
  assert(data.features instanceof Float32Array && y.kind === "number" && y.name === "y");
  const again = [0, 2, 4, 6].map((row) => Math.fround(((row * row) % 7 - y.mean) / y.std));
  // Four features a row: those of "c" are its two values, and what is neither.
  assert.deepEqual(data.shape, [4, 4]);
  const { features } = data;
  assert.deepEqual([0, 1, 2, 3].map((step) => features[step * 4]), again);
  assert(data.targets.task === "regression");
  assert.deepEqual([...data.targets.values.subarray(0, 3)], [-6, -8, -10]);
});

Deno.test("a clock is left out and said so, unless it is asked for", () => {
  const inputs = (options: Partial<WindowOptions>) =>
    windowsOf(tableOf(60), { length: 4, target: "c", ...options }).plan.columns
      .filter(({ role }) => role === "input").map(({ name }) => name);
  assert.deepEqual(inputs({}), ["x", "y"]);
  assert.deepEqual(inputs({ columns: { numbers: ["t"] } }), ["t", "x", "y"]);
  assert.deepEqual(inputs({ columns: { ignore: ["x", "y"] } }), ["t"]);
  const { notes } = windowsOf(tableOf(60), { length: 4, target: "c" });
  assert.match(notes[0], /^column "t" is left out: it rises from row to row/);
});

Deno.test("windows that end without a target are left out, and counted", () => {
  const table = tableOf(60);
  const columns = table.columns.map((column) =>
    column.kind === "text"
      ? {
        ...column,
        codes: Array.from({ length: 60 }, (_, row) => row < 20 ? -1 : Math.floor(row / 9) % 2),
      }
      : column
  );
  const dataset = windowsOf({ ...table, columns }, { length: 6, target: "c" });
  assert.equal(dataset.rows, 7);
  assert.deepEqual(rowsOf(dataset, 0), [18, 19, 20, 21, 22, 23]);
  assert.match(dataset.notes[0], /^3 windows end in a row without target, and are left out$/);
});

Deno.test("what cannot be cut or split is refused in one line", () => {
  const table = tableOf(60);
  const dataset = windowsOf(table, { length: 20, stride: 20, target: "x" });
  const cases: readonly [() => unknown, new (message: string) => Error, RegExp][] = [
    [() => windowsOf(table, { length: 0, target: "c" }), UsageError, /a length of 0: give a whole/],
    [() => windowsOf(table, { length: 4, stride: 1.5, target: "c" }), UsageError, /stride of 1\.5/],
    [
      () => windowsOf(table, { length: 61, target: "c" }),
      WeftError,
      /of 61 rows: the longest series has 60;/,
    ],
    [() => windowsOf(table, { length: 4, target: "d" }), UsageError, /Cannot find the target "d"/],
    [
      () => windowsOf(table, { length: 4, target: "c", groups: "gg" }),
      UsageError,
      /the groups "gg"/,
    ],
    [
      () => windowsOf(null as never, { length: 4, target: "c" }),
      UsageError,
      /table is null; give a table/,
    ],
    [() => windowsOf(table, undefined as never), UsageError, /options is missing/],
    [() => splitWindows(dataset, { fraction: 2, seed: 1 }), UsageError, /a fraction of 2/],
    [
      () => splitWindows(dataset, { fraction: 0.2, seed: 1, gap: -1 }),
      UsageError,
      /a gap of -1 rows/,
    ],
    [
      () => splitWindows(dataset, { fraction: 0.9, seed: 1, last: true }),
      WeftError,
      /none would be left/,
    ],
    [
      () => splitWindows(dataset, { fraction: 0.3, seed: 1, gap: 60 }),
      WeftError,
      /a shorter window or gap$/,
    ],
    [() => windowParts(dataset, { test: 1, seed: 1 }), UsageError, /Cannot test with 1 and/],
  ];
  for (const [run, kind, why] of cases) {
    assert.throws(run, (error) => {
      assert(error instanceof kind, String(error));
      assert.match(error.message, why);
      return true;
    });
  }
});
