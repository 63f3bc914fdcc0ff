import assert from "node:assert/strict";
import { panned, showing, zoomed } from "./spans.ts";

const whole = { from: 0, to: 100 };

Deno.test("zooming keeps what is under the crosshair where it is", () => {
  assert.deepEqual(zoomed(whole, whole, 25, 0.5, false), { from: 12.5, to: 62.5 });
  assert.deepEqual(zoomed(whole, whole, 0, 0.5, false), { from: 0, to: 50 });
});

Deno.test("zooming out ends with the whole", () => {
  assert.equal(zoomed({ from: 40, to: 60 }, whole, 50, 10, false), null);
});

Deno.test("panning stops at the ends", () => {
  assert.deepEqual(panned({ from: 70, to: 90 }, whole, 0.25, false), { from: 75, to: 95 });
  assert.deepEqual(panned({ from: 70, to: 90 }, whole, 5, false), { from: 80, to: 100 });
  assert.deepEqual(panned({ from: 10, to: 30 }, whole, -5, false), { from: 0, to: 20 });
});

Deno.test("a view goes where the crosshair goes", () => {
  const view = { from: 10, to: 20 };
  assert.equal(showing(view, whole, 15, false), view);
  assert.deepEqual(showing(view, whole, 50, false), { from: 45, to: 55 });
});

Deno.test("a logarithmic axis is zoomed by factors", () => {
  const span = zoomed({ from: 1, to: 10_000 }, { from: 1, to: 10_000 }, 100, 0.5, true);
  assert.ok(span && Math.abs(span.from - 10) < 1e-9 && Math.abs(span.to - 1000) < 1e-9);
});
