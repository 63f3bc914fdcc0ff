/**
 * How good predicted probabilities are, and not only the class that is largest.
 *
 * Glossary: N rows, O classes; p row i's probabilities, y its true class.
 */
import { RankedScores } from "./ranked_scores.ts";

/** Bins of the calibration error. */
const CALIBRATION_BINS = 15;

/** How many of the most probable classes may hold the true one, where there are as many. */
const TOP_K = [2, 3, 5] as const;

/** N rows of O probabilities. */
export type Probabilities = readonly ArrayLike<number>[];

/** How good probabilities are, and not only the classes that follow from them. */
export interface ProbabilityMetrics {
  /** By k: the fraction of rows whose true class is among the k most probable ones. */
  readonly topK: Readonly<Record<string, number>>;
  /** Mean over the classes of the area under the ROC curve of that class against the rest; null where none has both. */
  readonly rocAuc: number | null;
  /** Expected calibration error: by how much confidence and accuracy differ, in bins of equal width, by rows. */
  readonly calibrationError: number;
  /** Mean over the rows of sum (p - onehot(y))^2: 0 to 2. */
  readonly brier: number;
}

/**
 * All of them at once.
 *
 * @throws {RangeError} where there are not as many labels as rows, or none, or a label is no class
 */
export function probabilityMetrics(
  probabilities: Probabilities,
  labels: ArrayLike<number>,
): ProbabilityMetrics {
  requireRows(probabilities, labels);
  const classes = probabilities[0].length;
  const topK = TOP_K.filter((k) => k <= classes)
    .map((k) => [k, topKAccuracy(probabilities, labels, k)]);
  return {
    topK: Object.fromEntries(topK),
    rocAuc: macroRocAuc(probabilities, labels),
    calibrationError: calibrationError(probabilities, labels),
    brier: brierScore(probabilities, labels),
  };
}

/** The fraction of rows whose true class is among the `k` most probable; of equals, the first class goes before. */
export function topKAccuracy(
  probabilities: Probabilities,
  labels: ArrayLike<number>,
  k: number,
): number {
  return mean(probabilities, (p, row) => placeOf(p, labels[row]) < k ? 1 : 0);
}

/** Classes that are more probable than `label`, or as probable and before it. */
function placeOf(p: ArrayLike<number>, label: number): number {
  let place = 0;
  for (let j = 0; j < p.length; j++) {
    if (p[j] > p[label] || (p[j] === p[label] && j < label)) place++;
  }
  return place;
}

/** Unweighted mean over the classes that some rows have and some have not; null where there is no such class. */
export function macroRocAuc(
  probabilities: Probabilities,
  labels: ArrayLike<number>,
): number | null {
  const classes = probabilities[0].length;
  const areas = Array.from({ length: classes }, (_, label) => {
    const scores = Float64Array.from(probabilities, (p) => p[label]);
    return rocAuc(scores, Uint8Array.from(labels, (actual) => actual === label ? 1 : 0));
  }).filter((area) => area !== null);
  return areas.length === 0 ? null : areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

/**
 * The area under the ROC curve: how often a positive has a higher score than a negative, a tie counting half. By the sum of
 * the positives' ranks (Mann and Whitney, 1947), equal scores sharing the mean of theirs; exact.
 *
 * @param positive N of 0 and 1
 * @returns null where all are positive, or none is
 */
export function rocAuc(scores: Float64Array, positive: Uint8Array): number | null {
  const ranked = new RankedScores(scores, positive);
  const { positives, negatives } = ranked;
  if (positives === 0 || negatives === 0) return null;
  // Twice the ranks, counted from 1, so that means of two stay whole.
  let doubleRanks = 0;
  for (const { rows, gained, first } of ranked.rising()) {
    doubleRanks += gained * (2 * first + 1 + rows);
  }
  return (doubleRanks - positives * (positives + 1)) / 2 / positives / negatives;
}

/**
 * Sum over the bins of |rows that are right - sum of confidences| / N, the confidence of a row being its largest probability
 * (Guo et al., 2017). Bin b of B holds confidences above b / B, up to (b + 1) / B.
 */
export function calibrationError(
  probabilities: Probabilities,
  labels: ArrayLike<number>,
  bins = CALIBRATION_BINS,
): number {
  const gaps = new Float64Array(bins);
  probabilities.forEach((p, row) => {
    let predicted = 0;
    for (let j = 1; j < p.length; j++) if (p[j] > p[predicted]) predicted = j;
    const confidence = p[predicted];
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    gaps[bin] += (predicted === labels[row] ? 1 : 0) - confidence;
  });
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / probabilities.length;
}

/** Brier's score (1950): the mean squared distance from certainty of the true class. */
export function brierScore(probabilities: Probabilities, labels: ArrayLike<number>): number {
  return mean(probabilities, (p, row) => {
    let sum = 0;
    for (let j = 0; j < p.length; j++) sum += (p[j] - (j === labels[row] ? 1 : 0)) ** 2;
    return sum;
  });
}

function mean(
  probabilities: Probabilities,
  of: (p: ArrayLike<number>, row: number) => number,
): number {
  return probabilities.reduce((sum, p, row) => sum + of(p, row), 0) / probabilities.length;
}

function requireRows(probabilities: Probabilities, labels: ArrayLike<number>): void {
  if (probabilities.length !== labels.length || labels.length === 0) {
    throw new RangeError(
      `Cannot measure ${probabilities.length} rows of probabilities by ${labels.length} labels`,
    );
  }
  const classes = probabilities[0].length;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new RangeError(`Cannot measure row ${row}: label ${label}, ${classes} classes`);
  }
}
