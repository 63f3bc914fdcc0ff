/** Splits of data sets of any kind: classes stratified, groups never cut, or the last rows apart. */
import type { SampleData } from "./samples.ts";
import type { Split } from "./split.ts";
import type { TableDataset } from "./table_dataset.ts";

export interface SplitOptions {
  /** Of the rows, for the second part (`validation`); above 0 and below 1. */
  readonly fraction: number;
  /** Of the random order, a whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  /** Take the last rows, in the table's order, and draw nothing. */
  readonly last?: boolean;
}

/**
 * Splits rows in two. Where a data set has groups, no group is cut; where it has classes, both parts have them in equal
 * proportion.
 *
 * @throws {UsageError} if the fraction is out of its range
 * @throws {WeftError} if there are too few rows, or groups, for both parts
 */
export function splitRows(_data: SampleData | TableDataset, _options: SplitOptions): Split {
  throw new Error("not yet");
}

/**
 * Splits for cross-validation by the same rules: every row validates once.
 *
 * @throws as `splitRows`
 */
export function foldRows(_data: SampleData | TableDataset, _folds: number, _seed: number): Split[] {
  throw new Error("not yet");
}
