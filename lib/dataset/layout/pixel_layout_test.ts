import assert from "node:assert/strict";
import fc from "fast-check";
import { PixelOrder } from "./pixel_layout.ts";

Deno.test("pixels stand in bands of three lines, column by column, and the last lines likewise", () => {
  const images = Uint8Array.from({ length: 16 }, (_, i) => i);
  const arranged = new PixelOrder(4, 2).arrangePixels(images);
  assert.deepEqual([...arranged], [0, 2, 4, 1, 3, 5, 6, 7, 8, 10, 12, 9, 11, 13, 14, 15]);
});

Deno.test("pixels stand alike in images that are moved by words and by bytes", () => {
  for (const [height, width] of [[3, 4], [7, 8], [5, 12], [1, 4], [28, 28]]) {
    const order = new PixelOrder(height, width);
    const size = height * width;
    // At an odd address they cannot be read as words.
    const memory = Uint8Array.from({ length: 3 * size + 1 }, (_, i) => 37 * i + (i >> 8));
    const odd = memory.subarray(1);
    assert.deepEqual(order.arrangePixels(odd.slice()), order.arrangePixels(odd));
  }
});

Deno.test("rows stand where their pixels do, and come back", () => {
  const size = fc.integer({ min: 1, max: 8 });
  fc.assert(fc.property(size, size, size, (height, width, columns) => {
    const order = new PixelOrder(height, width);
    const pixels = Uint8Array.from({ length: height * width }, (_, i) => i);
    const rows = Float32Array.from({ length: pixels.length * columns }, (_, i) => i);
    const arranged = order.arrangeRows(rows);
    order.arrangePixels(pixels).forEach((pixel, place) => {
      const row = arranged.subarray(place * columns, (place + 1) * columns);
      assert.deepEqual(row, rows.subarray(pixel * columns, (pixel + 1) * columns));
    });
    assert.deepEqual(order.restoreRows(arranged), rows);
  }));
});
