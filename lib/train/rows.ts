/** Which images are trained on, and which validate. */
import { requireObject, requireRowNumbers } from "../checks.ts";
import type { TrainConfig } from "../config/options.ts";
import { allRows } from "../dataset/batches.ts";
import type { SampleData } from "../dataset/samples.ts";
import { splitRows } from "../dataset/split_rows.ts";
import { UsageError, WeftError } from "../errors.ts";
import type { RunOptions } from "./options.ts";

/** Row numbers to train on and to validate with. */
export interface Rows {
  readonly train: Uint32Array;
  /** Of `holdOut` where there is one, else of the training images; empty where nothing validates. */
  readonly validation: Uint32Array;
  readonly holdOut?: SampleData;
}

/**
 * The caller's hold-out or split, or else the fraction that the configuration asks for.
 *
 * @throws {UsageError} where training is to stop by a validation loss and there is none, or both ways are taken
 * @throws {WeftError} where a class has too few rows, or a row of the split is none
 */
export function chooseRows(
  { train, validation: holdOut, split }: Pick<RunOptions, "train" | "validation" | "split">,
  config: TrainConfig,
): Rows {
  if (holdOut && split) {
    throw new UsageError(
      "Cannot validate with images and with a split at once: leave out one of them",
    );
  }
  if (holdOut) {
    return { train: allRows(train.rows), validation: allRows(holdOut.rows), holdOut };
  }
  const rows = split ? checkedSplit(split, train.rows) : chosen(train, config);
  if (rows.validation.length > 0) return rows;
  const { patience, restoreBest, threshold } = config;
  if (typeof threshold === "string") {
    throw new UsageError(
      `Cannot choose the threshold by ${threshold} without validation rows; validate with some, or give a number`,
    );
  }
  if (patience > 0 || restoreBest) {
    const what = patience > 0 ? "stop early" : "restore the best epoch";
    throw new UsageError(
      `Cannot ${what} without validation rows: it goes by their loss; validate with some, or leave it out`,
    );
  }
  return rows;
}

function chosen(data: SampleData, { splitSeed, validation }: TrainConfig): Rows {
  const { rows } = data;
  if (validation === 0) return { train: allRows(rows), validation: new Uint32Array() };
  return splitRows(data, { fraction: validation, seed: splitSeed });
}

/**
 * A copy of the caller's split.
 *
 * @throws {UsageError} where it is none
 * @throws {WeftError} where a row is none, or in it twice, or nothing is left to train on
 */
export function checkedSplit(split: NonNullable<RunOptions["split"]>, rows: number): Rows {
  const cannot = "Cannot train on this split";
  requireObject(cannot, "split", split, "{ train, validation }, row numbers each");
  const { train, validation } = split;
  requireRowNumbers(cannot, "split.train", train);
  requireRowNumbers(cannot, "split.validation", validation);
  if (train.length === 0) {
    throw new WeftError(`${cannot}: it has no rows to train on; give some`);
  }
  const seen = new Uint8Array(rows);
  for (const part of [train, validation]) {
    for (const row of part) {
      if (row < rows && seen[row] === 0) {
        seen[row] = 1;
        continue;
      }
      const why = row < rows ? "is in it twice" : `is out of range (0 to ${rows - 1})`;
      throw new WeftError(`${cannot}: row ${row} ${why}; give each row once`);
    }
  }
  return { train: train.slice(), validation: validation.slice() };
}
