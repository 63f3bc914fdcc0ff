/**
 * Splits windows so that nothing leaks: no row is in windows of both parts. Windows that would have rows of both, or are too
 * near to the other part, are in none.
 */
import { UsageError, WeftError } from "../../errors.ts";
import { NumpyRandomState } from "../../random/numpy_random_state.ts";
import type { Split } from "../split.ts";
import { splitRows } from "../split_rows.ts";
import type { WindowDataset } from "./windows.ts";

/** How `splitWindows` splits. */
export interface WindowSplitOptions {
  /** Of the windows, for the second part (`validation`); above 0 and below 1. */
  readonly fraction: number;
  /** Of the random order, a whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  /** Take the last windows, or the groups that begin last, and draw nothing. */
  readonly last?: boolean;
  /** Rows that must lie between windows of both parts, 0 by default; those of different groups are never neighbors. */
  readonly gap?: number;
}

/** Windows that overlap are drawn in blocks, which are so many lengths long at least. */
const BLOCK_LENGTHS = 4;
/** A series is cut into at most so many blocks... */
const MOST_BLOCKS = 64;
/** ...and if there would be fewer than these, its last windows are taken. */
const LEAST_BLOCKS = 5;

/**
 * Splits windows in two. With groups, no group is cut. Else, windows that overlap are drawn in blocks of neighbors, with equal
 * proportions of classes as far as blocks have them; windows that do not are drawn one by one.
 *
 * @returns numbers of windows; those in neither part are left out
 * @throws {UsageError} if an option is out of its range
 * @throws {WeftError} if there are too few windows, or groups, for both parts
 */
export function splitWindows(dataset: WindowDataset, options: WindowSplitOptions): Split {
  const { fraction, gap = 0, last = false } = options;
  if (!(Number.isSafeInteger(gap) && gap >= 0)) {
    throw new UsageError(
      `Cannot split with a gap of ${gap} rows: give a whole number of at least 0`,
    );
  }
  const { rows, length, stride, ends } = dataset;
  const isApart = stride >= length + gap;
  if (ends.groups || (isApart && !last)) {
    const { train, validation } = splitRows(ends, options);
    return { train: train.sort(), validation: validation.sort() };
  }
  if (!(fraction > 0 && fraction < 1)) {
    throw new UsageError(
      `Cannot split off a fraction of ${fraction} of the windows: give a number between 0 and 1, both excluded`,
    );
  }
  const second = last ? lastWindows(rows, fraction) : drawnWindows(dataset, options);
  const first = windowsApart(dataset, second, gap);
  if (first.length > 0 && second.length > 0) return { train: first, validation: second };
  throw new WeftError(
    `Cannot split ${rows} windows of ${length} rows so that none is in both parts: none would be left to train on; ` +
      "use more rows, or a shorter window or gap",
  );
}

function lastWindows(rows: number, fraction: number): Uint32Array<ArrayBuffer> {
  const count = Math.ceil(fraction * rows);
  return Uint32Array.from({ length: count }, (_, i) => rows - count + i);
}

/** Whole blocks of neighbors. */
function drawnWindows(
  { rows, length, stride, ends: { targets } }: WindowDataset,
  { fraction, seed }: WindowSplitOptions,
): Uint32Array<ArrayBuffer> {
  const least = Math.ceil(BLOCK_LENGTHS * length / stride);
  const blocks = Math.min(MOST_BLOCKS, Math.floor(rows / least));
  if (blocks < LEAST_BLOCKS) return lastWindows(rows, fraction);
  const begin = (block: number) => Math.floor(block * rows / blocks);
  const hasClasses = targets.task === "classification" || targets.task === "binary";
  const classOf = (block: number) =>
    hasClasses ? mostFrequent(targets.labels.subarray(begin(block), begin(block + 1))) : 0;
  // Blocks in random order, those of a class together; of these every so many, so that each class has its share.
  const order = Array.from(
    new NumpyRandomState(seed).permutation(blocks),
    (block) => ({ block, class: classOf(block) }),
  ).sort((a, b) => a.class - b.class);
  const count = Math.min(blocks - 1, Math.max(1, Math.round(fraction * blocks)));
  const drawn = Array.from(
    { length: count },
    (_, i) => order[Math.floor((i + 0.5) * blocks / count)].block,
  ).sort((a, b) => a - b);
  return Uint32Array.from(
    drawn.flatMap((block) =>
      Array.from({ length: begin(block + 1) - begin(block) }, (_, i) => begin(block) + i)
    ),
  );
}

function mostFrequent(labels: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]++;
  return counts.indexOf(Math.max(...counts));
}

/** The windows that are not in `second`, share no row with one that is, and are `gap` rows away from it. */
function windowsApart(
  { starts, length }: WindowDataset,
  second: Uint32Array,
  gap: number,
): Uint32Array<ArrayBuffer> {
  const others = second.map((window) => starts[window]).sort();
  let next = 0;
  const apart: number[] = [];
  starts.forEach((start, window) => {
    // Starts rise, and so does the first of `others` that is not too far before this one.
    while (next < others.length && others[next] + length + gap <= start) next++;
    if (next === others.length || others[next] >= start + length + gap) apart.push(window);
  });
  return Uint32Array.from(apart);
}
