import assert from "node:assert/strict";
import { assignColors, COLORS, ownColor } from "./run_colors.ts";

const names = Array.from({ length: 40 }, (_, i) => `2026-11-23_2140${i}_baseline`);

Deno.test("a run alone has its own color", () => {
  for (const name of names) assert.equal(assignColors([name]).get(name)?.color, ownColor(name));
});

Deno.test("every color is some run's own", () => {
  assert.equal(new Set(names.map(ownColor)).size, COLORS);
});

Deno.test("as many runs as there are colors have different ones, in any order", () => {
  const some = names.slice(0, COLORS);
  const colors = assignColors(some);
  assert.equal(new Set([...colors.values()].map(({ color }) => color)).size, COLORS);
  assert.deepEqual(assignColors([...some].reverse()), colors);
});

Deno.test("runs that share a color differ in how their lines are broken", () => {
  const some = names.slice(0, 4 * COLORS);
  const looks = [...assignColors(some).values()].map(({ color, dash }) => `${color} ${dash}`);
  assert.equal(new Set(looks).size, some.length);
});
