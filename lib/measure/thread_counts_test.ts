import assert from "node:assert/strict";
import { threadCounts } from "./thread_counts.ts";

Deno.test("every small number of threads is tried, then doubles, and all processors", () => {
  assert.deepEqual(threadCounts(1), [1]);
  assert.deepEqual(threadCounts(2), [1, 2]);
  assert.deepEqual(threadCounts(4), [1, 2, 3, 4]);
  assert.deepEqual(threadCounts(6), [1, 2, 3, 4, 6]);
  assert.deepEqual(threadCounts(64), [1, 2, 3, 4, 8, 16, 32, 64]);
});
