import assert from "node:assert/strict";
import type { Line } from "./lines.ts";
import { tableOf } from "./table.ts";

function line(label: string, xs: number[], ys: number[]): Line {
  return { label, color: 0, dash: [], xs: Float64Array.from(xs), ys: Float64Array.from(ys) };
}

Deno.test("lines stand beside each other over the x of all of them", () => {
  assert.deepEqual(tableOf("Epoch", [line("a", [1, 2], [0.5, NaN]), line("b", [2, 3], [7, 8])]), {
    head: ["Epoch", "a", "b"],
    rows: [[1, 0.5, undefined], [2, null, 7], [3, undefined, 8]],
  });
});

Deno.test("a view cuts the table, and a limit thins it evenly", () => {
  const xs = Array.from({ length: 1000 }, (_, i) => i);
  const { rows } = tableOf("x", [line("a", xs, xs)], { from: 100, to: 500 }, 5);
  assert.deepEqual(rows.map(([x]) => x), [100, 200, 300, 400, 500]);
});
