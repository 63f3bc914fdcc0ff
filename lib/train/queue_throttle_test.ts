import assert from "node:assert/strict";
import { Pace } from "./queue_throttle.ts";

/** How many steps are queued before each of `waits` waits, where a step takes the device `stepMs`. */
async function queues(waits: number, stepMs: number): Promise<number[]> {
  const counts: number[] = [];
  let queued = 0;
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve, queued * stepMs));
  const pace = new Pace({ settle });
  while (counts.length < waits) {
    queued++;
    if (!pace.isDue()) continue;
    await pace.wait();
    counts.push(queued);
    queued = 0;
  }
  return counts;
}

Deno.test("a back end that computes at once is waited for ever more seldom", async () => {
  assert.deepEqual(await queues(6, 0), [1, 2, 4, 8, 16, 32]);
});

Deno.test("of a slow device no more is queued than lasts a moment", async () => {
  const counts = await queues(5, 40);
  assert(Math.max(...counts) <= 2, `queued ${counts}`);
});
