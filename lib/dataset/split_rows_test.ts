import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError, WeftError } from "../errors.ts";
import { foldRows, splitRows } from "./split_rows.ts";
import { randomSplit, stratifiedSplit } from "./split.ts";
import { datasetOf } from "./table_dataset.ts";
import type { Table } from "./table.ts";

/** A table whose rows have those targets and groups. */
function datasetWith(targets: readonly (string | number)[], groups?: readonly number[]) {
  const numbers = targets.every((target) => typeof target === "number");
  const texts = [...new Set(targets.map(String))];
  const table: Table = {
    rows: targets.length,
    columns: [
      { kind: "number", name: "x", values: targets.map((_, row) => row) },
      { kind: "number", name: "g", values: groups ?? targets.map((_, row) => row % 7) },
      numbers
        ? { kind: "number", name: "t", values: targets as number[] }
        : { kind: "text", name: "t", texts, codes: targets.map((it) => texts.indexOf(String(it))) },
    ],
    notes: [],
  };
  return datasetOf(table, { target: "t", ...groups ? { groups: "g" } : {} });
}

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const groupings = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 60 })
  .filter((groups) => new Set(groups).size >= 4);
const targets = (rows: number) => Array.from({ length: rows }, (_, row) => "ab"[row % 2]);

Deno.test("a table splits as images with the same labels do", () => {
  const dataset = datasetWith(targets(50));
  const { labels } = dataset.targets as { readonly labels: Uint8Array };
  assert.deepEqual(splitRows(dataset, { fraction: 0.3, seed: 5 }), stratifiedSplit(labels, 5, 0.3));
  const numbers = datasetWith(Array.from({ length: 50 }, (_, row) => row + 0.5));
  assert.deepEqual(splitRows(numbers, { fraction: 0.3, seed: 5 }), randomSplit(50, 5, 0.3));
});

Deno.test("classes with a single row are in the first part", () => {
  const dataset = datasetWith([...targets(20), "single", "alone"]);
  const { train, validation } = splitRows(dataset, { fraction: 0.25, seed: 1 });
  assert.deepEqual([...train, ...validation].sort((a, b) => a - b), [...Array(22).keys()]);
  assert(train.includes(20) && train.includes(21));
  assert.equal(validation.length, 5);
});

Deno.test("no group is cut, each row is in one part, and the parts are near the fraction", () => {
  fc.assert(
    fc.property(
      groupings,
      seeds,
      fc.double({ min: 0.1, max: 0.6, noNaN: true }),
      (groups, seed, fraction) => {
        const dataset = datasetWith(targets(groups.length), groups);
        for (const last of [false, true]) {
          const { train, validation } = splitRows(dataset, { fraction, seed, last });
          assert.deepEqual([...train, ...validation].sort((a, b) => a - b), [...groups.keys()]);
          assert(train.length > 0 && validation.length > 0);
          const seen = new Set(Array.from(train, (row) => groups[row]));
          assert(validation.every((row) => !seen.has(groups[row])));
          if (last) continue;
          const largest = Math.max(
            ...groups.map((group) => groups.filter((it) => it === group).length),
          );
          assert(Math.abs(validation.length - fraction * groups.length) <= largest);
        }
      },
    ),
  );
});

Deno.test("the last rows are the last, whatever the seed", () => {
  const dataset = datasetWith(targets(10));
  for (const seed of [1, 2]) {
    const { train, validation } = splitRows(dataset, { fraction: 0.25, seed, last: true });
    assert.deepEqual([...train], [0, 1, 2, 3, 4, 5, 6]);
    assert.deepEqual([...validation], [7, 8, 9]);
  }
});

Deno.test("every row of a table validates once in folds, and groups stay together", () => {
  const cut = fc.integer({ min: 2, max: 4 });
  fc.assert(fc.property(groupings, cut, seeds, (groups, folds, seed) => {
    const kinds = [
      datasetWith(targets(groups.length), groups),
      datasetWith(targets(groups.length)),
      datasetWith(groups.map((_, row) => row + 0.5)),
    ];
    for (const [kind, dataset] of kinds.entries()) {
      const splits = foldRows(dataset, folds, seed);
      assert.equal(splits.length, folds);
      const times = new Uint8Array(groups.length);
      for (const { train, validation } of splits) {
        validation.forEach((row) => times[row]++);
        assert.equal(train.length + validation.length, groups.length);
        if (kind > 0) continue;
        const seen = new Set(Array.from(train, (row) => groups[row]));
        assert(validation.every((row) => !seen.has(groups[row])));
      }
      assert(times.every((count) => count === 1));
    }
  }));
});

Deno.test("splits that cannot be are refused in a line", () => {
  const dataset = datasetWith(targets(10));
  const together = datasetWith(targets(10), Array(10).fill(3));
  const half = { fraction: 0.5, seed: 1 };
  const cases: [() => unknown, RegExp, typeof WeftError][] = [
    [
      () => splitRows(dataset, { fraction: 0, seed: 1 }),
      /a fraction of 0 .*between 0 and 1/,
      UsageError,
    ],
    [
      () => splitRows(dataset, { fraction: 1, seed: 1, last: true }),
      /a fraction of 1 /,
      UsageError,
    ],
    [() => splitRows(dataset, { fraction: NaN, seed: 1 }), /a fraction of NaN /, UsageError],
    [() => splitRows(together, half), /by groups: there is 1 group, and 2 are needed/, WeftError],
    [() => splitRows(together, { ...half, last: true }), /there is 1 group/, WeftError],
    [
      () => splitRows(dataset, { fraction: 0.95, seed: 1, last: true }),
      /none would be left/,
      WeftError,
    ],
    [() => foldRows(dataset, 1, 1), /with 1 folds: it must be a whole number/, UsageError],
    [() => foldRows(together, 3, 1), /by groups: there is 1 group, and 3 are needed/, WeftError],
    [() => foldRows(dataset, 6, 1), /class "a" has only 5 rows/, WeftError],
    [() => foldRows(datasetWith([0.5, 1.5, 2.5]), 4, 1), /there are 3 rows; use fewer/, WeftError],
  ];
  for (const [run, message, kind] of cases) {
    assert.throws(run, (error) => {
      assert(error instanceof kind, String(error));
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot [^\n]+$/);
      return true;
    });
  }
});
