/** Windows of images: the largest of each and the mean, and their gradients. */
import { agree, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { exact, relative, sumBound, U } from "./tolerance.ts";
import { normals, wholeNumbers } from "./values.ts";

/** Height, width, channels and size of the window: some have a rest at the right or below, or one window. */
const MAX_SIZES = [
  [1, 1, 1, 1],
  [2, 2, 1, 2],
  [5, 7, 3, 2],
  [6, 4, 4, 2],
  [9, 8, 5, 3],
  [7, 7, 16, 2],
  [4, 9, 17, 4],
  [3, 3, 8, 1],
] as const;

/** Height, width, channels, and the window's height and width. */
const AVERAGE_SIZES = [
  [1, 1, 1, 1, 1],
  [4, 6, 3, 2, 2],
  [5, 5, 4, 2, 2],
  [7, 3, 9, 7, 3],
  [6, 9, 2, 3, 3],
  [3, 4, 16, 3, 4],
] as const;

const IMAGES = 3;

export const poolCases: Cases = {
  "the largest of a window has its gradient, the first of equals": async (backend) => {
    //  1 5 5 9      windows of 2 x 2, the last column is dropped
    //  2 5 8 9
    await yields(
      backend,
      (rig) => {
        const [y, dx] = [rig.output(1, 1), rig.output(1, 6)];
        const x = rig.matrix(1, 6, [1, 5, 5, 2, 5, 8]);
        rig.backend.maxPoolForward(y, x, 2, 3, 1, 2);
        rig.backend.maxPoolBackward(dx, rig.matrix(1, 1, [7]), x, 2, 3, 1, 2);
        return [y, dx];
      },
      [[5], [0, 7, 0, 0, 0, 0]],
      exact,
      exact,
    );
  },

  "the largest of windows is exact at every size, and so is its gradient": async (backend) => {
    for (const [height, width, channels, size] of MAX_SIZES) {
      const columns = height * width * channels;
      const pooled = Math.floor(height / size) * Math.floor(width / size) * channels;
      for (const draw of [normals, (n: number, seed: number) => wholeNumbers(n, seed, 3)]) {
        await agree(
          backend,
          (rig) => {
            const [y, dx] = [rig.output(IMAGES, pooled), rig.output(IMAGES, columns)];
            const x = rig.matrix(IMAGES, columns, draw(IMAGES * columns, 1));
            const dy = rig.matrix(IMAGES, pooled, normals(IMAGES * pooled, 2));
            rig.backend.maxPoolForward(y, x, height, width, channels, size);
            rig.backend.maxPoolBackward(dx, dy, x, height, width, channels, size);
            return [y, dx];
          },
          exact,
          exact,
        );
      }
    }
  },

  "the mean of windows is near enough at every size, and so is its gradient": async (backend) => {
    for (const [height, width, channels, down, across] of AVERAGE_SIZES) {
      const columns = height * width * channels;
      const pooled = Math.floor(height / down) * Math.floor(width / across) * channels;
      const magnitudes = new Float32Array(IMAGES * pooled).fill(5);
      await agree(
        backend,
        (rig) => {
          const [y, dx] = [rig.output(IMAGES, pooled), rig.output(IMAGES, columns)];
          // Below 5, each.
          const x = rig.matrix(IMAGES, columns, normals(IMAGES * columns, 1));
          const dy = rig.matrix(IMAGES, pooled, normals(IMAGES * pooled, 2));
          rig.backend.averagePoolForward(y, x, height, width, channels, down, across);
          rig.backend.averagePoolBackward(dx, dy, height, width, channels, down, across);
          return [y, dx];
        },
        sumBound(down * across + 1, magnitudes),
        relative(6 * U),
      );
    }
  },
};
