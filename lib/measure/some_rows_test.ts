import assert from "node:assert/strict";
import { firstRows, sampleRows } from "./some_rows.ts";

/** 10 images of 1 x 2 pixels; the label is the row. */
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

Deno.test("a sample has every row once at most, each with its own label", () => {
  const { rows, pixels, labels } = sampleRows(images, 4, 42);
  assert.equal(rows, 4);
  assert.equal(new Set(labels).size, 4);
  assert.deepEqual([...pixels], [...labels].flatMap((row) => [2 * row, 2 * row + 1]));
  assert.deepEqual(sampleRows(images, 4, 42).labels, labels);
  assert.notDeepEqual(sampleRows(images, 4, 43).labels, labels);
  assert.equal(sampleRows(images, 10, 42), images);
});

Deno.test("a sample has every class, sorted or in turn", () => {
  const size = 8192;
  for (const label of [(i: number) => i % 2, (i: number) => Math.floor(2 * i / size)]) {
    const labels = Uint8Array.from({ length: size }, (_, i) => label(i));
    const data = { rows: size, height: 1, width: 1, pixels: new Uint8Array(size), labels };
    const ones = sampleRows(data, 4096, 42).labels.reduce((sum, value) => sum + value);
    // Standard deviation sqrt(4096) / 2 / sqrt(2), as half of the rows are drawn: some 23.
    assert(Math.abs(ones - 2048) < 120, String(ones));
  }
});
