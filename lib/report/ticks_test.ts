import assert from "node:assert/strict";
import fc from "fast-check";
import { epochTicks } from "./ticks.ts";

Deno.test("ticks are round numbers between the first epoch and the last", () => {
  assert.deepEqual(epochTicks(1, 1, 8), [1]);
  assert.deepEqual(epochTicks(1, 2, 8), [1, 2]);
  assert.deepEqual(epochTicks(1, 5, 8), [1, 2, 3, 4, 5]);
  assert.deepEqual(epochTicks(1, 40, 9), [1, 5, 10, 15, 20, 25, 30, 35, 40]);
  assert.deepEqual(epochTicks(1, 97, 6), [1, 20, 40, 60, 80, 97]);
  assert.deepEqual(epochTicks(7, 31, 4), [7, 20, 31]);
});

Deno.test("ticks rise, begin and end with the epochs, and are not too many", () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.nat({ max: 1_000_000 }));
  fc.assert(fc.property(range, fc.integer({ min: 3, max: 20 }), ([first, epochs], most) => {
    const last = first + epochs;
    const ticks = epochTicks(first, last, most);
    assert.equal(ticks[0], first);
    assert.equal(ticks.at(-1), last);
    assert(ticks.length <= most + 1, `${ticks.length} ticks, ${most} asked for`);
    assert(ticks.every((tick, i) => Number.isInteger(tick) && (i === 0 || tick > ticks[i - 1])));
  }));
});
