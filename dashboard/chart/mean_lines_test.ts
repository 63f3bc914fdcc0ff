import assert from "node:assert/strict";
import type { Line } from "./lines.ts";
import { meanLine } from "./mean_lines.ts";

const line = (label: string, ys: number[]): Line => ({
  label,
  color: 2,
  dash: [],
  xs: Float64Array.from(ys, (_, i) => i + 1),
  ys: Float64Array.from(ys),
});

Deno.test("lines that are alike have a mean, and a band of a deviation", () => {
  const made = meanLine([line("a", [1, 4, 7]), line("b", [3, NaN]), line("c", [2, 6])], "all");
  assert.deepEqual([...made.xs], [1, 2, 3]);
  assert.deepEqual([...made.ys], [2, 5, 7]);
  assert.deepEqual([...made.band!.low], [1, 5 - Math.SQRT2, 7]);
  assert.deepEqual([...made.band!.high], [3, 5 + Math.SQRT2, 7]);
  assert.deepEqual([made.label, made.color], ["all", 2]);
});

Deno.test("a mean of nothing is a gap", () => {
  const { ys } = meanLine([line("a", [NaN]), line("b", [Infinity])], "all");
  assert.deepEqual([...ys], [NaN]);
});
