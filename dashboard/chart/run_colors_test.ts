import assert from "node:assert/strict";
import { assignColors, COLORS, freeSlot } from "./run_colors.ts";

const names = Array.from({ length: 4 * COLORS }, (_, i) => `run ${i}`);

Deno.test("a run has the color of its slot, whatever else is shown", () => {
  const all = assignColors(names);
  assert.deepEqual(all.get("run 2"), { color: 2, dash: 0 });
  assert.deepEqual(assignColors(["run 2", "run 5"], [2, 5]).get("run 5"), all.get("run 5"));
});

Deno.test("runs that share a color differ in how their lines are broken", () => {
  const looks = [...assignColors(names).values()].map(({ color, dash }) => `${color} ${dash}`);
  assert.equal(new Set(looks).size, names.length);
});

Deno.test("a slot that is free again goes to the next run", () => {
  assert.equal(freeSlot([]), 0);
  assert.equal(freeSlot([0, 2, 3]), 1);
});
