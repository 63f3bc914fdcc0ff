import assert from "node:assert/strict";
import { assignColours, COLOURS, ownColour } from "./run_colours.ts";

const names = Array.from({ length: 40 }, (_, i) => `2026-11-23_2140${i}_baseline`);

Deno.test("a run alone has its own colour", () => {
  for (const name of names) assert.equal(assignColours([name]).get(name)?.colour, ownColour(name));
});

Deno.test("every colour is some run's own", () => {
  assert.equal(new Set(names.map(ownColour)).size, COLOURS);
});

Deno.test("as many runs as there are colours have different ones, in any order", () => {
  const some = names.slice(0, COLOURS);
  const colours = assignColours(some);
  assert.equal(new Set([...colours.values()].map(({ colour }) => colour)).size, COLOURS);
  assert.deepEqual(assignColours([...some].reverse()), colours);
});

Deno.test("runs that share a colour differ in how their lines are broken", () => {
  const some = names.slice(0, 4 * COLOURS);
  const looks = [...assignColours(some).values()].map(({ colour, dash }) => `${colour} ${dash}`);
  assert.equal(new Set(looks).size, some.length);
});
