import assert from "node:assert/strict";
import { encodeIdxImages, encodeIdxLabels } from "../../tests/support/idx_files.ts";
import { WeftError } from "../errors.ts";
import { checkTestSet, countClasses, parseLabeledImages } from "./labeled_images.ts";

function pairOf(prefix: string, labels: number[], size = 2, rows = labels.length) {
  return {
    images: { path: `${prefix}/images`, bytes: encodeIdxImages(rows, size, size) },
    labels: { path: `${prefix}/labels`, bytes: encodeIdxLabels(labels) },
  };
}

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert(error instanceof WeftError);
    return error.message;
  }
  assert.fail("nothing was refused");
}

Deno.test("images and labels become one part of a data set", () => {
  const part = parseLabeledImages(pairOf("a", [2, 0, 1]));
  assert.deepEqual([part.rows, part.height, part.width], [3, 2, 2]);
  assert.deepEqual([...part.labels], [2, 0, 1]);
  assert.equal(part.pixels.length, 12);
});

Deno.test("another number of labels than of images is refused", () => {
  assert.match(
    refusal(() => parseLabeledImages(pairOf("a", [0, 1, 2], 2, 4))),
    /^Cannot use a\/images with a\/labels: 4 images, but 3 labels;/,
  );
});

Deno.test("classes are counted up to the largest label, whether or not each occurs", () => {
  assert.equal(countClasses(parseLabeledImages(pairOf("a", [0, 7, 3])), "a"), 8);
  assert.equal(countClasses(parseLabeledImages(pairOf("a", [255, 0])), "a"), 256);
});

Deno.test("labels of a single class are refused", () => {
  const part = parseLabeledImages(pairOf("a", [0, 0]));
  assert.match(
    refusal(() => countClasses(part, "a/labels")),
    /^Cannot use a\/labels: every label is 0;/,
  );
});

Deno.test("a test set must have the size of image and the classes of the training set", () => {
  const check = (train: ReturnType<typeof pairOf>, test: ReturnType<typeof pairOf>) =>
    checkTestSet(parseLabeledImages(train), parseLabeledImages(test), 3, train, test);
  const train = pairOf("train", [0, 1, 2]);
  check(train, pairOf("test", [2, 2]));
  assert.match(
    refusal(() => check(train, pairOf("test", [0, 1], 5))),
    /^Cannot use test\/images with train\/images: images of 5 x 5 pixels, but 2 x 2 to train on;/,
  );
  assert.match(
    refusal(() => check(train, pairOf("test", [0, 3]))),
    /^Cannot use test\/labels with train\/labels: it has label 3, but the largest to train on is 2;/,
  );
});
