import assert from "node:assert/strict";
import { exponentialMovingAverage } from "./smoothing.ts";

Deno.test("weight 0 leaves a curve as it is", () => {
  const values = Float64Array.of(3, NaN, 1, 4);
  assert.deepEqual(exponentialMovingAverage(values, 0), values);
});

Deno.test("a constant stays constant from its first point on", () => {
  for (const average of exponentialMovingAverage(new Float64Array(50).fill(2.5), 0.9)) {
    assert.ok(Math.abs(average - 2.5) < 1e-12);
  }
});

Deno.test("a point is the weighted mean of what came before", () => {
  const [, second, third] = exponentialMovingAverage(Float64Array.of(1, 2, 4), 0.5);
  assert.ok(Math.abs(second - (0.5 * 1 + 2) / 1.5) < 1e-12);
  assert.ok(Math.abs(third - (0.25 * 1 + 0.5 * 2 + 4) / 1.75) < 1e-12);
});

Deno.test("a gap stays a gap and does not count", () => {
  const withGap = exponentialMovingAverage(Float64Array.of(1, NaN, Infinity, 3), 0.5);
  const without = exponentialMovingAverage(Float64Array.of(1, 3), 0.5);
  assert.deepEqual([...withGap], [without[0], NaN, NaN, without[1]]);
});
