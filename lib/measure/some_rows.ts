/** Parts of a data set. */
import type { LabelledImages } from "../dataset/dataset.ts";

/** The first `most` rows, or all where there are not so many; shares their memory. */
export function firstRows(images: LabelledImages, most: number): LabelledImages {
  const rows = Math.min(images.rows, most);
  return {
    ...images,
    rows,
    pixels: images.pixels.subarray(0, rows * images.height * images.width),
    labels: images.labels.subarray(0, rows),
  };
}

/** `most` rows from all over the data, which may be sorted by class; all where there are not so many. */
export function spreadRows(images: LabelledImages, most: number): LabelledImages {
  if (images.rows <= most) return images;
  const size = images.height * images.width;
  const pixels = new Uint8Array(most * size);
  const labels = new Uint8Array(most);
  for (let i = 0; i < most; i++) {
    const row = Math.floor(i * images.rows / most);
    pixels.set(images.pixels.subarray(row * size, (row + 1) * size), i * size);
    labels[i] = images.labels[row];
  }
  return { ...images, rows: most, pixels, labels };
}
