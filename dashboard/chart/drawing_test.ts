import assert from "node:assert/strict";
import { draw, join, prepare } from "./drawing.ts";
import type { Line } from "./lines.ts";

function line(xs: number[], ys: number[]): Line {
  return { label: "a", color: 0, dash: [], xs: Float64Array.from(xs), ys: Float64Array.from(ys) };
}

Deno.test("curves share an x axis without making gaps of each other", () => {
  assert.deepEqual(join([{ xs: [1, 3], ys: [10, null] }, { xs: [2, 3], ys: [5, 6] }]), {
    xs: [1, 2, 3],
    columns: [[10, undefined, null], [undefined, 5, 6]],
  });
});

Deno.test("a smoothed line is drawn after the raw one", () => {
  const prepared = prepare([line([1, 2], [0, 1])], 0.5);
  const { columns } = draw(prepared, { from: 1, to: 2 }, 100, false);
  assert.deepEqual(columns[0], [0, 1]);
  assert.ok(Math.abs(columns[1][1] as number - 2 / 3) < 1e-12);
});

Deno.test("the range of y is that of the view, with a margin", () => {
  const prepared = prepare([line([1, 2, 3, 4], [1000, 1, 3, NaN])], 0);
  const { range } = draw(prepared, { from: 2, to: 4 }, 100, false);
  assert.deepEqual(range, { from: 0.9, to: 3.1 });
});

Deno.test("what a logarithmic axis cannot show is a gap", () => {
  const { columns, range } = draw(
    prepare([line([1, 2, 3], [0, 1, -1])], 0),
    { from: 1, to: 3 },
    9,
    true,
  );
  assert.deepEqual(columns, [[null, 1, null]]);
  assert.ok(range.from > 0 && range.from < 1 && range.to > 1);
});

Deno.test("nothing, gaps and a constant have a range that can be drawn", () => {
  for (const ys of [[], [NaN], [0], [7]]) {
    for (const log of [false, true]) {
      const { range } = draw(
        prepare([line(ys.map((_, i) => i + 1), ys)], 0),
        { from: 0, to: 2 },
        9,
        log,
      );
      assert.ok(range.from < range.to && (!log || range.from > 0));
    }
  }
});

Deno.test("a range that is clipped leaves out what is far from the others", () => {
  const ys = [1000, 5, 4, 3, 2, 1];
  const prepared = prepare([line([1, 2, 3, 4, 5, 6], ys)], 0);
  const whole = { from: 1, to: 6 };
  assert.ok(draw(prepared, whole, 99, false).range.to > 1000);
  const { range } = draw(prepared, whole, 99, false, true);
  assert.ok(range.to < 6 && range.from > 1, JSON.stringify(range));
  const one = prepare([line([1], [7])], 0);
  assert.ok(draw(one, whole, 99, false, true).range.to > 7);
});

Deno.test("the edges of a band are drawn after its line, and smoothed like it", () => {
  const [low, high] = [Float64Array.of(0, 0), Float64Array.of(2, 4)];
  const banded = { ...line([1, 2], [1, 2]), band: { low, high } };
  const { columns } = draw(prepare([banded], 0), { from: 1, to: 2 }, 99, false);
  assert.deepEqual(columns, [[1, 2], [2, 4], [0, 0]]);
  assert.equal(draw(prepare([banded], 0.5), { from: 1, to: 2 }, 99, false).columns.length, 4);
});
