/** Parts of a data set. */
import type { LabeledImages } from "../dataset/dataset.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";

/** The first `most` rows, or all where there are not so many; shares their memory. */
export function firstRows(images: LabeledImages, most: number): LabeledImages {
  const rows = Math.min(images.rows, most);
  return {
    ...images,
    rows,
    pixels: images.pixels.subarray(0, rows * images.height * images.width),
    labels: images.labels.subarray(0, rows),
  };
}

/** `most` rows drawn at random, since data may be sorted by class or have the classes in turn; all where there are not so many. */
export function sampleRows(images: LabeledImages, most: number, seed: number): LabeledImages {
  if (images.rows <= most) return images;
  const size = images.height * images.width;
  const pixels = new Uint8Array(most * size);
  const labels = new Uint8Array(most);
  const order = new NumpyRandomState(seed).permutation(images.rows);
  order.subarray(0, most).forEach((row, i) => {
    pixels.set(images.pixels.subarray(row * size, (row + 1) * size), i * size);
    labels[i] = images.labels[row];
  });
  return { ...images, rows: most, pixels, labels };
}
