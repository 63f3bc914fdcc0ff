/**
 * A data set that is quickly learned: images of 5 x 7 pixels (width x height) with one bright
 * stripe a class; and a network that knows them without having learned.
 */

import type { Model } from "../../lib/model/model.ts";
import { encodeIdxImages, encodeIdxLabels, type IdxFiles } from "./idx_files.ts";

export const WIDTH = 5;
export const HEIGHT = 7;
const CLASSES = 3;
/** Bytes before the pixels of IDX images. */
const HEADER_BYTES = 16;

/** Whether a row of pixels is bright in images of a class: two rows a class, from the top. */
function isBright(label: number, y: number): boolean {
  return Math.floor(y / 2) === label;
}

/** One image; `row` moves the grays a little, so that no two images are alike. */
export function stripedImage(label: number, row = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const gray = (row * 7 + i * 13) % 50;
    return isBright(label, Math.floor(i / WIDTH)) ? 200 + gray : gray;
  });
}

/** IDX images of the given classes. */
export function stripedImages(labels: readonly number[]): Uint8Array<ArrayBuffer> {
  const file = encodeIdxImages(labels.length, HEIGHT, WIDTH);
  labels.forEach((label, row) =>
    file.set(stripedImage(label, row), HEADER_BYTES + row * WIDTH * HEIGHT)
  );
  return file;
}

/** 90 rows to train on and 30 to test with, of three classes in turn. */
export function stripedIdxFiles(): IdxFiles {
  const [train, test] = [90, 30].map((rows) => Array.from({ length: rows }, (_, i) => i % CLASSES));
  return {
    "train-images-idx3-ubyte": stripedImages(train),
    "train-labels-idx1-ubyte": encodeIdxLabels(train),
    "t10k-images-idx3-ubyte": stripedImages(test),
    "t10k-labels-idx1-ubyte": encodeIdxLabels(test),
  };
}

/**
 * A network without hidden layers; a class's logit is how bright its stripe is, so that others stay
 * at 0.
 */
export function stripedModel(classNames = ["0", "1", "2"]): Model {
  const outputs = classNames.length;
  const inputs = WIDTH * HEIGHT;
  const weights = Float32Array.from({ length: inputs * outputs }, (_, i) => {
    return isBright(i % outputs, Math.floor(i / outputs / WIDTH)) ? 1 : 0;
  });
  return {
    architecture: { inputs, hidden: [], outputs, activation: "relu" },
    parameters: [{ weights, bias: new Float32Array(outputs) }],
    height: HEIGHT,
    width: WIDTH,
    inputScale: 1 / 255,
    classNames,
    preset: "baseline",
  };
}
