import assert from "node:assert/strict";
import fc from "fast-check";
import { batchCount, batchRanges } from "./batches.ts";

Deno.test("the batches of an epoch visit every row once, in order, and only the last is short", () => {
  const rows = fc.integer({ min: 0, max: 2000 });
  const sizes = fc.integer({ min: 1, max: 300 });
  fc.assert(fc.property(rows, sizes, (rows, batchSize) => {
    const ranges = [...batchRanges(rows, batchSize)];
    assert.equal(ranges.length, batchCount(rows, batchSize));
    let end = 0;
    ranges.forEach((range, i) => {
      assert.equal(range.start, end);
      end = range.end;
      const length = range.end - range.start;
      assert(i < ranges.length - 1 ? length === batchSize : length >= 1 && length <= batchSize);
    });
    assert.equal(end, rows);
  }));
});

Deno.test("an epoch that was cut has the batches that are left", () => {
  const sizes = fc.record({
    rows: fc.nat(500),
    batchSize: fc.integer({ min: 1, max: 60 }),
    done: fc.nat(20),
  });
  fc.assert(fc.property(sizes, ({ rows, batchSize, done }) => {
    const all = [...batchRanges(rows, batchSize)];
    assert.deepEqual([...batchRanges(rows, batchSize, done)], all.slice(done));
  }));
});

Deno.test("48,000 rows are 188 batches of 256, the last of 128", () => {
  assert.equal(batchCount(48_000, 256), 188);
  assert.deepEqual([...batchRanges(48_000, 256)].at(-1), { start: 47_872, end: 48_000 });
});
