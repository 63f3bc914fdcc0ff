import assert from "node:assert/strict";
import { firstRows, spreadRows } from "./some_rows.ts";

/** 10 pictures of 1 x 2 pixels; the label is the row. */
const images = {
  rows: 10,
  height: 1,
  width: 2,
  pixels: Uint8Array.from({ length: 20 }, (_, i) => i),
  labels: Uint8Array.from({ length: 10 }, (_, i) => i),
};

Deno.test("the first rows share the memory of all", () => {
  const { rows, pixels, labels } = firstRows(images, 3);
  assert.equal(rows, 3);
  assert.deepEqual([...pixels], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...labels], [0, 1, 2]);
  assert.equal(pixels.buffer, images.pixels.buffer);
  assert.equal(firstRows(images, 11).rows, 10);
});

Deno.test("rows are taken from all over, each with its own label", () => {
  const { rows, pixels, labels } = spreadRows(images, 4);
  assert.equal(rows, 4);
  assert.deepEqual([...labels], [0, 2, 5, 7]);
  assert.deepEqual([...pixels], [0, 1, 4, 5, 10, 11, 14, 15]);
  assert.equal(spreadRows(images, 10), images);
});
