import assert from "node:assert/strict";
import { evenTicks, logTicks } from "./ticks.ts";

Deno.test("a narrow range has round ticks a step apart", () => {
  assert.deepEqual(logTicks(0.49, 0.56, 4), [0.5, 0.52, 0.54, 0.56]);
});

Deno.test("a decade or two have 1, 2 and 5 or all digits", () => {
  assert.deepEqual(logTicks(0.4, 12, 6), [0.5, 1, 2, 5, 10]);
  assert.deepEqual(logTicks(1, 9, 12), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("many decades have as many ticks as there is room for", () => {
  assert.ok(logTicks(1e-12, 1e12, 6).length <= 7);
});

Deno.test("even ticks are round, and end where numbers are too near each other", () => {
  assert.deepEqual(evenTicks(-0.2, 2.1, 4), [0, 1, 2]);
  assert(evenTicks(1e16, 1e16 + 4, 4).length <= 9);
  assert(evenTicks(-1e308, 1e308, 4).length <= 9);
});
