/** The input map of standardised pictures. */
import type { LabelledImages } from "../dataset/dataset.ts";
import { pictureChunks, type PictureSource } from "../dataset/picture_source.ts";
import type { InputMap } from "../nn/input_map.ts";

/**
 * Takes (x / 255 - mean) / std, with the mean and the standard deviation of all pixels of some pictures. Where all are
 * equal they are only centred, as in scikit-learn.
 *
 * @param rows those that count
 */
export function standardizing(
  images: LabelledImages | PictureSource,
  rows: Uint32Array,
): InputMap {
  const inputs = images.height * images.width;
  const counted = new Uint8Array(images.rows);
  for (const row of rows) counted[row] = 1;
  // Whole numbers, so that nothing is rounded up to the last division.
  const counts = new Float64Array(256);
  for (const { first, rows, pixels } of pictureChunks(images)) {
    for (let row = 0; row < rows; row++) {
      if (!counted[first + row]) continue;
      const end = (row + 1) * inputs;
      for (let i = row * inputs; i < end; i++) counts[pixels[i]]++;
    }
  }
  const count = rows.length * inputs;
  const mean = counts.reduce((sum, times, value) => sum + times * value, 0) / count;
  const variance = counts.reduce((sum, times, value) => sum + times * (value - mean) ** 2, 0) /
    count;
  const deviation = variance > 0 ? Math.sqrt(variance) : 255;
  return { scale: 1 / deviation, offset: -mean / deviation };
}
