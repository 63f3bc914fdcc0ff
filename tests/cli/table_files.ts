/** Tables to train on: copies of well-known ones, and made ones. */

import { join } from "node:path";

const TABLES = join(import.meta.dirname!, "..", "samples", "tables");

/** The path of one of them, such as "iris.csv". */
export const table = (name: string): string => join(TABLES, name);

/** Numbers above 0 and below 1, the same each time. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = state * 48271 % 2147483647) / 2147483647;
}
