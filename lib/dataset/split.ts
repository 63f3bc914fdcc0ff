/**
 * The split of the training images into a part to train on and a part to validate with, every class
 * in the same proportion in both. Row for row that of scikit-learn 1.2's `train_test_split(rows,
 * stratify=labels, test_size=fraction, random_state=seed)`.
 *
 * Glossary: quota, how many rows of one class go into one part.
 */

import { UsageError, WeftError } from "../errors.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";

/** Row numbers of the two parts, each in random order. */
export interface Split {
  readonly train: Uint32Array<ArrayBuffer>;
  readonly validation: Uint32Array<ArrayBuffer>;
}

/**
 * @param labels N bytes, the class of each row
 * @param seed of the random order, a whole number from 0 to 2^32 - 1
 * @param validationFraction of the rows, rounded up to a whole row; between 0 and 1, both excluded
 * @param classNames as messages have them; numbers by default
 * @returns every row number once, in one part or the other
 * @throws {UsageError} where the seed or the fraction is out of its range
 * @throws {WeftError} where there are too few rows for each class to be in both parts
 */
export function stratifiedSplit(
  labels: Uint8Array,
  seed: number,
  validationFraction = 0.2,
  classNames?: readonly string[],
): Split {
  const rowsOfClass = rowsByClass(labels);
  const counts = rowsOfClass.map((rows) => rows.length);
  const validationRows = validationSize(labels, rowsOfClass, validationFraction, classNames);
  const trainRows = labels.length - validationRows;
  const random = new NumpyRandomState(seed);

  const trainQuotas = quotas(counts, trainRows, random);
  const remaining = counts.map((count, i) => count - trainQuotas[i]);
  const validationQuotas = quotas(remaining, validationRows, random);

  const train = new Uint32Array(trainRows);
  const validation = new Uint32Array(validationRows);
  let trainEnd = 0, validationEnd = 0;
  rowsOfClass.forEach((rows, i) => {
    const order = random.permutation(rows.length);
    const trainQuota = trainQuotas[i];
    for (const k of order.subarray(0, trainQuota)) train[trainEnd++] = rows[k];
    for (const k of order.subarray(trainQuota, trainQuota + validationQuotas[i])) {
      validation[validationEnd++] = rows[k];
    }
  });
  random.shuffle(train);
  random.shuffle(validation);
  return { train, validation };
}

/**
 * The same for rows without classes: those of scikit-learn's `train_test_split(rows, test_size=fraction, random_state=seed)`.
 *
 * @throws {WeftError} where none would be left to train on
 */
export function randomSplit(rows: number, seed: number, validationFraction = 0.2): Split {
  const validationRows = Math.ceil(validationFraction * rows);
  if (validationRows >= rows) {
    throw new WeftError(
      `Cannot split the rows (${rows}) into a training and a validation part: none would be left to train on; use more rows`,
    );
  }
  const order = Uint32Array.from(new NumpyRandomState(seed).permutation(rows));
  return { validation: order.slice(0, validationRows), train: order.slice(validationRows) };
}

/** The rows of each class that occurs, by ascending class; the rows of one class ascend too. */
function rowsByClass(labels: Uint8Array): Uint32Array[] {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]++;
  const rows = Array.from(counts, (count) => new Uint32Array(count));
  const ends = new Uint32Array(256);
  labels.forEach((label, row) => rows[label][ends[label]++] = row);
  return rows.filter((rowsOfOne) => rowsOfOne.length > 0);
}

/** Rows of the validation part, after the checks that scikit-learn makes, in its order. */
function validationSize(
  labels: Uint8Array,
  rowsOfClass: Uint32Array[],
  fraction: number,
  classNames: readonly string[] | undefined,
): number {
  if (!(fraction > 0 && fraction < 1)) {
    throw new UsageError(
      `Cannot validate with a fraction of ${fraction} of the rows: give a number between 0 and 1, ` +
        "both excluded",
    );
  }
  const validationRows = Math.ceil(fraction * labels.length);
  const trainRows = labels.length - validationRows;
  const cannot = `Cannot split the rows (${labels.length}) into a training and a validation part`;
  if (trainRows === 0) {
    throw new WeftError(`${cannot}: none would be left to train on; use more rows`);
  }
  const single = rowsOfClass.find((rows) => rows.length < 2);
  if (single) {
    const label = labels[single[0]];
    const name = classNames ? JSON.stringify(classNames[label]) : label;
    throw new WeftError(
      `${cannot}: class ${name} has only 1 row, and each part needs one; add rows of that class, ` +
        "or leave it out",
    );
  }
  const classes = rowsOfClass.length;
  for (const [part, rows] of [["training", trainRows], ["validation", validationRows]] as const) {
    if (rows < classes) {
      throw new WeftError(
        `${cannot}: of ${classes} classes each needs a row in the ${part} part, whose size would ` +
          `be ${rows}; use more rows`,
      );
    }
  }
  return validationRows;
}

/**
 * Shares `draws` rows out among classes in proportion to `counts`: each gets its share rounded
 * down, and what is left goes to those with the largest fractional parts, a tie being broken by
 * chance. It is scikit-learn's `_approximate_mode`, which draws random numbers also where a tie
 * leaves nothing to choose; so must this.
 */
function quotas(counts: number[], draws: number, random: NumpyRandomState): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  // Divided first, as there: another order rounds otherwise, and makes or breaks ties.
  const shares = counts.map((count) => count / total * draws);
  const result = shares.map(Math.floor);
  const fractions = shares.map((share, i) => share - result[i]);
  let missing = draws - result.reduce((sum, quota) => sum + quota, 0);
  for (const fraction of [...new Set(fractions)].sort((a, b) => b - a)) {
    if (missing === 0) break;
    const tied = [...fractions.keys()].filter((i) => fractions[i] === fraction);
    const chosen = random.permutation(tied.length).subarray(0, missing);
    for (const k of chosen) result[tied[k]]++;
    missing -= chosen.length;
  }
  return result;
}
