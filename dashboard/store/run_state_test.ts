import assert from "node:assert/strict";
import { stateOf } from "./run_state.ts";

const NOW = Date.UTC(2026, 10, 23);
const facts = { hasRun: true, end: null, epochMs: 1000 };
const stateAt = (modifiedAt: number) => stateOf({ ...facts, modifiedAt }, NOW);

Deno.test("a run without an end is running while its log is written, and stalled after that", () => {
  assert.equal(stateAt(NOW), "running");
  assert.equal(stateAt(NOW - 30_000), "running");
  assert.equal(stateAt(NOW - 60_000), "stalled");
});

Deno.test("a log from the future is not being written, but clocks may differ a little", () => {
  assert.equal(stateAt(NOW + 10_000), "running");
  assert.equal(stateAt(NOW + 3_600_000), "stalled");
  assert.equal(stateAt(NOW + 1e12), "stalled");
});

Deno.test("an end says how it ended, whatever the time", () => {
  const end = { status: "completed" } as const;
  assert.equal(stateOf({ ...facts, end, modifiedAt: NOW + 1e12 }, NOW), "completed");
});
