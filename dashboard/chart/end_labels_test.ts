import assert from "node:assert/strict";
import { spreadOut } from "./end_labels.ts";

Deno.test("labels stand where their lines end, and apart where those are near each other", () => {
  assert.deepEqual(spreadOut([50, 20], 10, 100), [50, 20]);
  assert.deepEqual(spreadOut([50, 50, 52], 10, 100), [50, 60, 70]);
  assert.deepEqual(spreadOut([0, 100], 10, 100), [5, 95]);
  assert.deepEqual(spreadOut([95, 96, 97], 10, 100), [75, 85, 95]);
  assert.deepEqual(spreadOut([], 10, 100), []);
});
