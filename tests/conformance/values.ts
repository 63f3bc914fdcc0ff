/** Numbers to try kernels with: random ones, the same in every run, and awkward sizes. */
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";

/** Around a vector of 4, a tile of 4 x 8 and a block of 16 bytes, and far from all of them. */
export const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 37, 100, 333];

/** `count` values from N(0, deviation^2), rounded to float32. */
export function normals(count: number, seed: number, deviation = 1): Float32Array<ArrayBuffer> {
  const random = new NumpyRandomState(seed);
  return Float32Array.from({ length: count }, () => deviation * random.normal());
}

/** `count` whole numbers from 0 to `limit` - 1. */
export function wholeNumbers(
  count: number,
  seed: number,
  limit: number,
): Float32Array<ArrayBuffer> {
  const random = new NumpyRandomState(seed);
  return Float32Array.from({ length: count }, () => Math.floor(random.randomSample() * limit));
}
