/** The order of a search's trials: for the terminal and for the dashboard. */

import type { Metric, Search, TrialRecord } from "./search.ts";
import type { Measured } from "../run/records.ts";

/** The metric after a trial's last epoch. */
export function metricOf(trial: TrialRecord, metric: Metric): Measured {
  return metric === "validation-loss" ? trial.validationLoss : trial.validationAccuracy;
}

/** Whether it can be the best: it has learned something, and has neither failed nor diverged. */
export function isRanked(trial: TrialRecord, metric: Metric): boolean {
  return trial.status !== "failed" && trial.status !== "diverged" &&
    metricOf(trial, metric) !== null;
}

/**
 * The best first: those that reached more rungs before those that reached fewer, because only trials of the same rung have
 * been compared; of one rung, by their scores there; then by their metric. What failed, diverged or has not begun comes last.
 */
export function rankedTrials({ trials, metric }: Pick<Search, "trials" | "metric">): TrialRecord[] {
  const sign = metric === "validation-loss" ? 1 : -1;
  const order = (a: Measured, b: Measured) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : sign * (a - b);
  const rank = (trial: TrialRecord) => Number(isRanked(trial, metric));
  return [...trials].sort((a, b) =>
    rank(b) - rank(a) || b.scores.length - a.scores.length ||
    order(a.scores.at(-1) ?? null, b.scores.at(-1) ?? null) ||
    order(metricOf(a, metric), metricOf(b, metric)) || a.trial - b.trial
  );
}

/** Null where none has learned anything. */
export function bestTrial(search: Pick<Search, "trials" | "metric">): TrialRecord | null {
  const [first] = rankedTrials(search);
  return first && isRanked(first, search.metric) ? first : null;
}
