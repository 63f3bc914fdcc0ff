import assert from "node:assert/strict";
import { crossover } from "./crossover.ts";

/** A curve from its times at 1, 10, 100, ... */
function curve(...times: number[]) {
  return times.map((medianMs, i) => ({ at: 10 ** i, medianMs }));
}

Deno.test("curves cross where straight lines on logarithmic scales do", () => {
  // A time that grows with the size against one that is always 10: equal at 10.
  const { at, staysAhead } = crossover(
    [{ at: 1, medianMs: 1 }, { at: 100, medianMs: 100 }],
    [{ at: 1, medianMs: 10 }, { at: 100, medianMs: 10 }],
  );
  assert(Math.abs(at! - 10) < 1e-9, String(at));
  assert(staysAhead);
});

Deno.test("who is never ahead overtakes nowhere, also where both take the same time", () => {
  const nowhere = { at: null, staysAhead: false };
  assert.deepEqual(crossover(curve(1, 2, 3), curve(2, 3, 4)), nowhere);
  assert.deepEqual(crossover(curve(1, 2, 3), curve(1, 2, 3)), nowhere);
  assert.deepEqual(crossover([], []), nowhere);
});

Deno.test("who is ahead from the start overtakes at the smallest size", () => {
  assert.deepEqual(crossover(curve(2, 3), curve(1, 1)), { at: 1, staysAhead: true });
});

Deno.test("who falls behind again does not stay ahead", () => {
  const { at, staysAhead } = crossover(curve(1, 4, 1), curve(2, 2, 2));
  assert(at! > 1 && at! < 10);
  assert.equal(staysAhead, false);
});

Deno.test("only sizes that both have are compared", () => {
  const { at } = crossover(curve(1, 2, 300, 400), curve(3, 3, 3));
  assert(at! > 10 && at! < 100);
  assert.deepEqual(crossover(curve(1, 2, 300), curve(3, 3)), { at: null, staysAhead: false });
});
