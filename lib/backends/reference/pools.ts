/** Windows of images: the largest of each, and the mean. */
import type { ReferenceKernels } from "./memory.ts";

type Names =
  | "maxPoolForward"
  | "maxPoolBackward"
  | "averagePoolForward"
  | "averagePoolBackward";

export const pools: ReferenceKernels<Names> = {
  maxPoolForward(y, x, height, width, channels, size) {
    for (const { out, places } of windows(x.rows, height, width, channels, size, size)) {
      y.data[out] = Math.max(...places.map((at) => x.data[at]));
    }
  },

  maxPoolBackward(dx, dy, x, height, width, channels, size) {
    dx.data.fill(0);
    for (const { out, places } of windows(x.rows, height, width, channels, size, size)) {
      const largest = places.reduce((best, at) => x.data[at] > x.data[best] ? at : best);
      dx.data[largest] = dy.data[out];
    }
  },

  averagePoolForward(y, x, height, width, channels, down, across) {
    for (const { out, places } of windows(x.rows, height, width, channels, down, across)) {
      y.data[out] = places.reduce((sum, at) => sum + x.data[at], 0) / places.length;
    }
  },

  averagePoolBackward(dx, dy, height, width, channels, down, across) {
    dx.data.fill(0);
    for (const { out, places } of windows(dx.rows, height, width, channels, down, across)) {
      for (const at of places) dx.data[at] = dy.data[out] / places.length;
    }
  },
};

/** Every window of every channel: where its result stands, and its pixels, row by row. */
function* windows(
  images: number,
  height: number,
  width: number,
  channels: number,
  down: number,
  across: number,
): Generator<{ readonly out: number; readonly places: readonly number[] }, void, void> {
  const [rows, columns] = [Math.floor(height / down), Math.floor(width / across)];
  let out = 0;
  for (let b = 0; b < images; b++) {
    for (let p = 0; p < rows; p++) {
      for (let q = 0; q < columns; q++) {
        for (let c = 0; c < channels; c++) {
          const places = Array.from({ length: down * across }, (_, i) => {
            const [y, x] = [p * down + Math.floor(i / across), q * across + i % across];
            return ((b * height + y) * width + x) * channels + c;
          });
          yield { out: out++, places };
        }
      }
    }
  }
}
