import assert from "node:assert/strict";
import fc from "fast-check";
import type { GreyPicture } from "./png_grey.ts";
import { invertGrey, resizeGrey } from "./resize.ts";

function picture(width: number, height: number, values: readonly number[]): GreyPicture {
  return { width, height, grey: Uint8Array.from(values) };
}

function resized(from: GreyPicture, height: number, width: number, background?: number): number[] {
  return [...resizeGrey(from, height, width, background).grey];
}

const anyPicture = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  .chain(([width, height]) =>
    fc.uint8Array({ minLength: width * height, maxLength: width * height })
      .map((grey): GreyPicture => ({ width, height, grey }))
  );

Deno.test("each new pixel is the mean of the area it covers", () => {
  assert.deepEqual(resized(picture(2, 2, [0, 100, 100, 200]), 1, 1), [100]);
  assert.deepEqual(resized(picture(4, 2, [0, 10, 20, 30, 40, 50, 60, 70]), 1, 2), [25, 45]);
  // Three pixels on two: each new one covers one and a half.
  const rows = [0, 90, 240, 0, 90, 240, 0, 90, 240];
  assert.deepEqual(resized(picture(3, 3, rows), 2, 2), [30, 190, 30, 190]);
});

Deno.test("a picture that is too small grows by whole pixels", () => {
  assert.deepEqual(resized(picture(2, 1, [1, 9]), 2, 4), [1, 1, 9, 9, 1, 1, 9, 9]);
});

Deno.test("a picture that is not square stands in the middle of its background", () => {
  assert.deepEqual(resized(picture(3, 1, [5, 6, 7]), 3, 3), [0, 0, 0, 5, 6, 7, 0, 0, 0]);
  assert.deepEqual(resized(picture(1, 3, [5, 6, 7]), 3, 3, 9), [9, 5, 9, 9, 6, 9, 9, 7, 9]);
  assert.deepEqual(resized(picture(4, 4, new Array(16).fill(8)), 2, 4), [0, 8, 8, 0, 0, 8, 8, 0]);
  assert.deepEqual(resized(picture(1000, 1, new Array(1000).fill(8)), 3, 3).slice(3, 6), [8, 8, 8]);
});

Deno.test("the right size comes out as it went in", () => {
  fc.assert(fc.property(anyPicture, (picture) => {
    assert.deepEqual(resizeGrey(picture, picture.height, picture.width), picture);
  }));
});

Deno.test("resizing and mirroring commute, and no value leaves the picture's range", () => {
  const mirrored = ({ width, height, grey }: GreyPicture): GreyPicture => ({
    width,
    height,
    grey: Uint8Array.from({ length: grey.length }, (_, i) => grey[grey.length - 1 - i]),
  });
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(fc.property(anyPicture, side, (picture, side) => {
    // Square to square, so that there are no bars, whose odd pixel has a side to stand on.
    const square = resizeGrey(picture, 40, 40, picture.grey[0]);
    const result = resizeGrey(square, side, side);
    assert.deepEqual(mirrored(resizeGrey(mirrored(square), side, side)), result);
    assert(Math.min(...result.grey) >= Math.min(...picture.grey));
    assert(Math.max(...result.grey) <= Math.max(...picture.grey));
  }));
});

Deno.test("inverting makes the negative, and the picture given stays", () => {
  const given = picture(3, 1, [0, 100, 255]);
  assert.deepEqual(invertGrey(given), picture(3, 1, [255, 155, 0]));
  assert.deepEqual(given, picture(3, 1, [0, 100, 255]));
});
