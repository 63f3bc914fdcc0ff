/**
 * Images that are easy to tell apart, for tests of the trainer: made from nothing, the same each
 * time.
 */
import type { LabeledImages } from "../../lib/dataset/dataset.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";

/** Pixels of an image: 2 rows of 3. */
const PIXELS = 6;

/**
 * Images of `classes` classes (up to 6) in turn: pixel c of class c is bright, the others are
 * dim.
 */
export function toyImages(rows: number, classes: number, seed = 1): LabeledImages {
  const random = new NumpyRandomState(seed);
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % classes);
  const pixels = Uint8Array.from({ length: rows * PIXELS }, (_, i) => {
    const isBright = i % PIXELS === labels[Math.floor(i / PIXELS)];
    return (isBright ? 160 : 0) + 90 * random.randomSample();
  });
  return { rows, height: 2, width: 3, pixels, labels };
}
