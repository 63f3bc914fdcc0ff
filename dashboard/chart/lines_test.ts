import assert from "node:assert/strict";
import { type Line, nearestX, neighborX, risingPoints, spanOf, valueAt } from "./lines.ts";

function line(xs: number[], ys: number[]): Line {
  return { label: "a", color: 0, dash: [], xs: Float64Array.from(xs), ys: Float64Array.from(ys) };
}

const lines = [line([1, 2, 4], [10, NaN, 30]), line([], []), line([2.5, 8], [5, 6])];

Deno.test("the span holds every line and is never empty", () => {
  assert.deepEqual(spanOf(lines), { from: 1, to: 8 });
  assert.deepEqual(spanOf([line([3], [1])]), { from: 2.5, to: 3.5 });
  assert.deepEqual(spanOf([line([], [])]), { from: 0, to: 1 });
});

Deno.test("the crosshair goes to points of any line", () => {
  assert.deepEqual([0, 2.3, 3.4, 9].map((x) => nearestX(lines, x)), [1, 2.5, 4, 8]);
  assert.equal(nearestX([], 1), null);
  assert.deepEqual([1, 2, 2.5, 4, 8].map((x) => neighborX(lines, x, 1)), [2, 2.5, 4, 8, 8]);
  assert.deepEqual([8, 4, 2.5, 2, 1].map((x) => neighborX(lines, x, -1)), [4, 2.5, 2, 1, 1]);
});

Deno.test("a value is that of the nearest point, and none beside the line or in a gap", () => {
  assert.deepEqual([0.5, 1.2, 2.2, 4, 5].map((x) => valueAt(lines[0], x)), [
    null,
    10,
    null,
    30,
    null,
  ]);
  assert.equal(valueAt(lines[0], null), 30);
  assert.equal(valueAt(lines[1], null), null);
});

Deno.test("points whose x does not rise are left out", () => {
  const { xs, ys } = risingPoints(
    Float64Array.of(1, 3, 2, NaN, Infinity, 4),
    Float64Array.of(1, 2, 3, 4, 5, 6),
  );
  assert.deepEqual([[...xs], [...ys]], [[1, 3, 4], [1, 2, 6]]);
  const honest = Float64Array.of(1, 2);
  assert.equal(risingPoints(honest, honest).xs, honest);
});
