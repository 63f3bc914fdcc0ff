/** Columns that give the target away are found, and those that only say much of it are not. */

import assert from "node:assert/strict";
import type { Column } from "../../dataset/table.ts";
import { datasetOf } from "../../dataset/table_dataset.ts";
import { leaksIn } from "./leaks.ts";

const ROWS = 200;
let state = 5;
const random = () => (state = state * 48271 % 2147483647) / 2147483647;

function numbers(name: string, of: (row: number) => number): Column {
  return { kind: "number", name, values: Float64Array.from({ length: ROWS }, (_, row) => of(row)) };
}

function texts(name: string, of: (row: number) => string | null): Column {
  const all = Array.from({ length: ROWS }, (_, row) => of(row));
  const distinct = [...new Set(all)].filter((text) => text !== null);
  return {
    kind: "text",
    name,
    texts: distinct,
    codes: Int32Array.from(all, (text) => text === null ? -1 : distinct.indexOf(text)),
  };
}

/** Columns that tell the target, with what they tell. */
function leaks(target: Column, columns: Column[], separator?: string): string[] {
  const table = { rows: ROWS, columns: [...columns, target], notes: [] };
  return leaksIn(datasetOf(table, { target: target.name, separator }))
    .map(({ column, target }) => `${column}: ${target}`);
}

Deno.test("of classes: a copy, a code, a threshold, holes, and intervals", () => {
  const y = (row: number) => row % 3;
  const target = texts("y", (row) => `class ${y(row)}`);
  assert.deepEqual(
    leaks(target, [
      texts("copy", (row) => `was ${y(row)}`),
      numbers("code", (row) => (y(row) * 7 + 1) % 5),
      numbers("scale", (row) => y(row) * 10 + random()),
      texts("often", (row) => random() < 0.9 ? `was ${y(row)}` : "was 0"),
      numbers("helpful", (row) => y(row) + random() * 1.5),
      numbers("noise", random),
      texts("each", (row) => `row ${row >> 1}`),
    ]),
    ["copy: y", "code: y", "scale: y"],
  );
  const rare = texts("y", (row) => row % 50 === 0 ? "yes" : "no");
  assert.deepEqual(
    leaks(rare, [
      numbers("noise", random),
      texts("two", (row) => row % 2 ? "a" : "b"),
      numbers("reason", (row) => row % 50 === 0 ? row : NaN),
    ]),
    ["reason: y"],
    "98 % are no surprise where 98 % have one class",
  );
});

Deno.test("of numbers: in another unit, in another order, by a category", () => {
  const target = numbers("price", (row) => 10 + row * 1.5);
  assert.deepEqual(
    leaks(target, [
      numbers("cents", (row) => 1000 + row * 150 + random()),
      numbers("log", (row) => -Math.log(10 + row * 1.5)),
      numbers("size", (row) => row + random() * 100),
      texts("tenth", (row) => `t${Math.floor(row / 20)}`),
      texts("each", (row) => `r${row >> 1}`),
    ]),
    ["cents: price", "log: price", "tenth: price"],
  );
});

Deno.test("of labels: each by itself", () => {
  const target = texts("tags", (row) => [row % 2 ? "a" : "", row % 5 ? "" : "b"].join("|"));
  assert.deepEqual(
    leaks(target, [numbers("odd", (row) => row % 2), numbers("noise", random)], "|"),
    ["odd: a"],
  );
});
