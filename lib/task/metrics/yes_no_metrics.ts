/**
 * How good answers of yes and no are.
 *
 * Glossary: tp yes and said so, fp no but said yes, fn yes but said no, tn no and said so.
 */
import { rocAuc } from "./probability_metrics.ts";
import { RankedScores } from "./ranked_scores.ts";

export interface Counts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** @param said whether entry i was answered with yes @param isYes whether it is one */
export function countAnswers(
  entries: number,
  said: (i: number) => boolean,
  isYes: (i: number) => boolean,
): Counts {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let i = 0; i < entries; i++) {
    counts[said(i) ? isYes(i) ? "tp" : "fp" : isYes(i) ? "fn" : "tn"]++;
  }
  return counts;
}

/** A fraction of nothing is 0, as in scikit-learn. */
const ratio = (part: number, whole: number) => whole === 0 ? 0 : part / whole;

export const precision = ({ tp, fp }: Counts): number => ratio(tp, tp + fp);
export const recall = ({ tp, fn }: Counts): number => ratio(tp, tp + fn);
export const f1 = ({ tp, fp, fn }: Counts): number => ratio(2 * tp, 2 * tp + fp + fn);

/** @returns null where all are yes, or none is */
export function rankingMetrics(scores: Float64Array, isYes: Uint8Array) {
  return { rocAuc: rocAuc(scores, isYes), prAuc: averagePrecision(scores, isYes) };
}

/**
 * The area under the curve of precision over recall, as scikit-learn's average_precision_score sums it: for each threshold,
 * from high to low, the precision times what recall gains; equal scores are one threshold.
 *
 * @returns null where all are yes, or none is
 */
export function averagePrecision(scores: Float64Array, isYes: Uint8Array): number | null {
  const ranked = new RankedScores(scores, isYes);
  const { positives, negatives } = ranked;
  if (positives === 0 || negatives === 0) return null;
  let [area, tp, said] = [0, 0, 0];
  for (const { rows, gained } of ranked.falling()) {
    tp += gained;
    said += rows;
    area += tp / said * gained;
  }
  return area / positives;
}
