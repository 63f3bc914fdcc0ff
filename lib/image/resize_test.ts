import assert from "node:assert/strict";
import fc from "fast-check";
import type { GrayImage } from "./png_gray.ts";
import { invertGray, resizeGray } from "./resize.ts";

function image(width: number, height: number, values: readonly number[]): GrayImage {
  return { width, height, gray: Uint8Array.from(values) };
}

function resized(from: GrayImage, height: number, width: number, background?: number): number[] {
  return [...resizeGray(from, height, width, background).gray];
}

const anyImage = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  .chain(([width, height]) =>
    fc.uint8Array({ minLength: width * height, maxLength: width * height })
      .map((gray): GrayImage => ({ width, height, gray }))
  );

Deno.test("each new pixel is the mean of the area it covers", () => {
  assert.deepEqual(resized(image(2, 2, [0, 100, 100, 200]), 1, 1), [100]);
  assert.deepEqual(resized(image(4, 2, [0, 10, 20, 30, 40, 50, 60, 70]), 1, 2), [25, 45]);
  // Three pixels on two: each new one covers one and a half.
  const rows = [0, 90, 240, 0, 90, 240, 0, 90, 240];
  assert.deepEqual(resized(image(3, 3, rows), 2, 2), [30, 190, 30, 190]);
});

Deno.test("an image that is too small grows by whole pixels", () => {
  assert.deepEqual(resized(image(2, 1, [1, 9]), 2, 4), [1, 1, 9, 9, 1, 1, 9, 9]);
});

Deno.test("an image that is not square stands in the middle of its background", () => {
  assert.deepEqual(resized(image(3, 1, [5, 6, 7]), 3, 3), [0, 0, 0, 5, 6, 7, 0, 0, 0]);
  assert.deepEqual(resized(image(1, 3, [5, 6, 7]), 3, 3, 9), [9, 5, 9, 9, 6, 9, 9, 7, 9]);
  assert.deepEqual(resized(image(4, 4, new Array(16).fill(8)), 2, 4), [0, 8, 8, 0, 0, 8, 8, 0]);
  assert.deepEqual(resized(image(1000, 1, new Array(1000).fill(8)), 3, 3).slice(3, 6), [8, 8, 8]);
});

Deno.test("the right size comes out as it went in", () => {
  fc.assert(fc.property(anyImage, (image) => {
    assert.deepEqual(resizeGray(image, image.height, image.width), image);
  }));
});

Deno.test("resizing and mirroring commute, and no value leaves the image's range", () => {
  const mirrored = ({ width, height, gray }: GrayImage): GrayImage => ({
    width,
    height,
    gray: Uint8Array.from({ length: gray.length }, (_, i) => gray[gray.length - 1 - i]),
  });
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(fc.property(anyImage, side, (image, side) => {
    // Square to square, so that there are no bars, whose odd pixel has a side to stand on.
    const square = resizeGray(image, 40, 40, image.gray[0]);
    const result = resizeGray(square, side, side);
    assert.deepEqual(mirrored(resizeGray(mirrored(square), side, side)), result);
    assert(Math.min(...result.gray) >= Math.min(...image.gray));
    assert(Math.max(...result.gray) <= Math.max(...image.gray));
  }));
});

Deno.test("inverting makes the negative, and the image given stays", () => {
  const given = image(3, 1, [0, 100, 255]);
  assert.deepEqual(invertGray(given), image(3, 1, [255, 155, 0]));
  assert.deepEqual(given, image(3, 1, [0, 100, 255]));
});
