import assert from "node:assert/strict";
import { toRgba } from "./pixels.ts";

const base64 = (...bytes: number[]) => btoa(String.fromCharCode(...bytes));

Deno.test("gray images keep their brightness", () => {
  assert.deepEqual([...toRgba(base64(0, 255), 2, "gray")!], [0, 0, 0, 255, 255, 255, 255, 255]);
});

Deno.test("weights are blue below zero, white at zero and orange above", () => {
  const rgba = toRgba(base64(1, 128, 255), 3, "signed")!;
  assert.ok(rgba[2] > rgba[0], "blue");
  assert.deepEqual([...rgba.slice(4, 8)], [245, 245, 245, 255]);
  assert.ok(rgba[8] > rgba[10], "orange");
});

Deno.test("what is no image of this size is none", () => {
  assert.equal(toRgba("%%%", 1, "gray"), null);
  assert.equal(toRgba(base64(1, 2), 3, "gray"), null);
});
