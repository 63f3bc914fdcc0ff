import assert from "node:assert/strict";
import { noteOnPixels } from "./pixel_range.ts";

Deno.test("pixels of 0 and 1 are noted, and no others", () => {
  const note = (...pixels: number[]) => noteOnPixels(Uint8Array.from(pixels), "the image");
  assert.match(
    note(0, 1, 1, 0)!,
    /^all pixels of the image are 0 or 1, .* multiply them by 255$/,
  );
  assert.match(note(1)!, /^all pixels/);
  for (const pixels of [[], [0, 0], [0, 1, 2], [1, 255], [2]]) assert.equal(note(...pixels), null);
});
