import assert from "node:assert/strict";
import { sparklinePath } from "./Sparkline.tsx";

Deno.test("a sparkline goes from corner to corner", () => {
  assert.equal(sparklinePath([2, 1, 0], 100, 20, 0), "M0.0 0.0L0.0 0.0L50.0 10.0L100.0 20.0");
});

Deno.test("a gap breaks it, and a value alone is a dot", () => {
  assert.equal(
    sparklinePath([1, null, 0], 100, 20, 0),
    "M0.0 0.0L0.0 0.0M100.0 20.0L100.0 20.0",
  );
});

Deno.test("nothing, one value and a constant can be drawn", () => {
  assert.equal(sparklinePath([], 100, 20, 0), "");
  assert.equal(sparklinePath([null], 100, 20, 0), "");
  assert.equal(sparklinePath([5], 100, 20, 0), "M50.0 10.0L50.0 10.0");
  assert.equal(sparklinePath([5, 5], 100, 20, 0), "M0.0 10.0L0.0 10.0L100.0 10.0");
});
