/** The input map of standardized bytes. */
import { sampleChunks, type Samples } from "../dataset/samples.ts";
import type { InputMap } from "../nn/input_map.ts";
import { sizeOf } from "../nn/layer.ts";

/**
 * Takes (x / 255 - mean) / std, with the mean and the standard deviation of all bytes of some rows. Where all are
 * equal they are only centered, as in scikit-learn.
 *
 * @param rows those that count
 */
export function standardizing(
  samples: Samples,
  rows: Uint32Array,
): InputMap {
  const inputs = sizeOf(samples.shape);
  const counted = new Uint8Array(samples.rows);
  for (const row of rows) counted[row] = 1;
  // Whole numbers, so that nothing is rounded up to the last division.
  const counts = new Float64Array(256);
  for (const { first, rows, values } of sampleChunks(samples)) {
    for (let row = 0; row < rows; row++) {
      if (!counted[first + row]) continue;
      const end = (row + 1) * inputs;
      for (let i = row * inputs; i < end; i++) counts[values[i]]++;
    }
  }
  const count = rows.length * inputs;
  const mean = counts.reduce((sum, times, value) => sum + times * value, 0) / count;
  const variance = counts.reduce((sum, times, value) => sum + times * (value - mean) ** 2, 0) /
    count;
  const deviation = variance > 0 ? Math.sqrt(variance) : 255;
  return { scale: 1 / deviation, offset: -mean / deviation };
}
