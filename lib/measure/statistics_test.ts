import assert from "node:assert/strict";
import fc from "fast-check";
import { measure, median, summarize } from "./statistics.ts";

Deno.test("the median is the middle, or halfway between the middle two", () => {
  assert.equal(median([3]), 3);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 7]), 6);
});

Deno.test("the spread is how far half of the measurements lie from the median", () => {
  assert.deepEqual(summarize([10, 11, 12, 13, 1000]), {
    median: 12,
    spread: 1,
    best: 10,
    runs: 5,
  });
});

Deno.test("half of the measurements lie at or below the median, half within the spread", () => {
  const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(fc.property(times, (values) => {
    const { median: middle, spread, best, runs } = summarize(values);
    const count = (fits: (value: number) => boolean) => values.filter(fits).length;
    assert(count((value) => value <= middle) >= values.length / 2);
    assert(count((value) => value >= middle) >= values.length / 2);
    assert(count((value) => Math.abs(value - middle) <= spread * (1 + 1e-12)) >= values.length / 2);
    assert(best <= middle);
    assert.equal(runs, values.length);
  }));
});

Deno.test("work that is measured is called at least as often as it was counted", async () => {
  let calls = 0;
  const { runs, best, median: middle } = await measure(() => calls++, 1);
  assert(runs >= 5 && calls >= runs);
  assert(best >= 0 && middle >= best);
});
