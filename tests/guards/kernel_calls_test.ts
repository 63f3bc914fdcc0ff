/**
 * An epoch calls the kernels that it called before, in the same order, on buffers that are shared in the same way: the
 * bits follow from that on every back end, and so does what a GPU joins into one.
 */
import assert from "node:assert/strict";
import golden from "../golden/kernel_calls.json" with { type: "json" };
import { callsOfEpoch, GUARD_RUNS, optionsOf } from "./guard_runs.ts";

for (const [name, run] of Object.entries(GUARD_RUNS)) {
  Deno.test(`an epoch calls the kernels that it always called: ${name}`, async () => {
    const calls = await callsOfEpoch(optionsOf(run));
    const expected: readonly string[] = golden[name as keyof typeof golden];
    // The first difference in a line, where two lists of hundreds would hide it.
    expected.forEach((line, i) => assert.equal(calls[i], line, `call ${i + 1}`));
    assert.equal(calls.length, expected.length);
  });
}
