/** How rows divide into batches: all of one size, but for the last, which has what is left. */

/** Positions `start` to `end - 1` of the order in which an epoch visits its rows. */
export interface BatchRange {
  readonly start: number;
  readonly end: number;
}

/** Batches that it takes to visit `rows` rows once. */
export function batchCount(rows: number, batchSize: number): number {
  return Math.ceil(rows / batchSize);
}

/** The batches of one epoch, in order, without the first `done`. */
export function* batchRanges(
  rows: number,
  batchSize: number,
  done = 0,
): Generator<BatchRange, void, void> {
  for (let start = done * batchSize; start < rows; start += batchSize) {
    yield { start, end: Math.min(start + batchSize, rows) };
  }
}

/** The row numbers 0 to `rows` - 1. */
export function allRows(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, i) => i);
}
