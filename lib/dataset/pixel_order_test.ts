import assert from "node:assert/strict";
import fc from "fast-check";
import { PixelOrder } from "./pixel_order.ts";

Deno.test("pixels stand in bands of two lines, column by column, and a last odd line by itself", () => {
  const pictures = Uint8Array.from({ length: 12 }, (_, i) => i);
  const arranged = new PixelOrder(3, 2).arrangePixels(pictures);
  assert.deepEqual([...arranged], [0, 2, 1, 3, 4, 5, 6, 8, 7, 9, 10, 11]);
});

Deno.test("rows stand where their pixels do, and come back", () => {
  const size = fc.integer({ min: 1, max: 7 });
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
