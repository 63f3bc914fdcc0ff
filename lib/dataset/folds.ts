/**
 * Splits for cross-validation: every row validates once, and every class is in each part in the same proportion, to a row.
 */
import { UsageError, WeftError } from "../errors.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import type { Split } from "./split.ts";

/** A part of the rows that validates, where runs differ by it. */
export interface Fold {
  /** From 1. */
  readonly fold: number;
  readonly folds: number;
}

/** More parts than this are a slip of the finger. */
const MOST_FOLDS = 1000;

/**
 * Deals the rows of each class out in random order, one class continuing where the one before it ended, so that parts differ
 * by one row at most.
 *
 * @param labels N bytes, the class of each row
 * @param folds  number of parts, K
 * @param seed   of the random order, a whole number from 0 to 2^32 - 1
 * @param classNames as messages have them; numbers by default
 * @returns K splits: part k validates, the others train; row numbers ascend
 * @throws {UsageError} where K is no whole number of at least 2
 * @throws {WeftError} where a class has fewer rows than there are parts
 */
export function stratifiedFolds(
  labels: Uint8Array,
  folds: number,
  seed: number,
  classNames?: readonly string[],
): Split[] {
  requireFolds(folds);
  const rowsOfClass = Array.from({ length: 256 }, (): number[] => []);
  labels.forEach((label, row) => rowsOfClass[label].push(row));
  const random = new NumpyRandomState(seed);
  const foldOf = new Uint16Array(labels.length);
  let next = 0;
  rowsOfClass.forEach((rows, label) => {
    if (rows.length === 0) return;
    if (rows.length < folds) {
      throw new WeftError(
        `Cannot cross-validate with ${folds} folds: class ${
          classNames ? JSON.stringify(classNames[label]) : label
        } has only ${rows.length} rows, and each fold ` +
          "needs one; use fewer folds",
      );
    }
    for (const k of random.permutation(rows.length)) foldOf[rows[k]] = next++ % folds;
  });
  return Array.from({ length: folds }, (_, fold) => {
    const part = (isIn: (of: number) => boolean) => {
      const rows: number[] = [];
      foldOf.forEach((of, row) => isIn(of) && rows.push(row));
      return Uint32Array.from(rows);
    };
    return { train: part((of) => of !== fold), validation: part((of) => of === fold) };
  });
}

/** @throws {UsageError} if there cannot be so many */
export function requireFolds(folds: number): void {
  if (Number.isInteger(folds) && folds >= 2 && folds <= MOST_FOLDS) return;
  throw new UsageError(
    `Cannot cross-validate with ${folds} folds: it must be a whole number of at least 2 and at most ${MOST_FOLDS}`,
  );
}
