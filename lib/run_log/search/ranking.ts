/** The order of a search's trials: for the terminal and for the dashboard. */

import { type Measure, measureOf, metricOf } from "./measure.ts";
import type { Measured } from "../run/records.ts";
import type { Search, TrialRecord } from "./search.ts";

/** Whether it can be the best: it has learned something, and has neither failed nor diverged. */
export function isRanked(trial: TrialRecord, measure: Measure): boolean {
  return trial.status !== "failed" && trial.status !== "diverged" &&
    metricOf(trial, measure) !== null;
}

/**
 * The best first: those that reached more rungs before those that reached fewer, because only trials of the same rung have
 * been compared; of one rung, by their scores there; then by their metric. What failed, diverged or has not begun comes last.
 */
export function rankedTrials(search: Measure & Pick<Search, "trials">): TrialRecord[] {
  const sign = measureOf(search).higherIsBetter ? -1 : 1;
  const order = (a: Measured, b: Measured) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : sign * (a - b);
  const rank = (trial: TrialRecord) => Number(isRanked(trial, search));
  return [...search.trials].sort((a, b) =>
    rank(b) - rank(a) || b.scores.length - a.scores.length ||
    order(a.scores.at(-1) ?? null, b.scores.at(-1) ?? null) ||
    order(metricOf(a, search), metricOf(b, search)) || a.trial - b.trial
  );
}

/** Null where none has learned anything. */
export function bestTrial(search: Measure & Pick<Search, "trials">): TrialRecord | null {
  const [first] = rankedTrials(search);
  return first && isRanked(first, search) ? first : null;
}
