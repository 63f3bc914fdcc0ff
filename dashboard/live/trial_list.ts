/** The columns of a search's table of trials, and how they sort it. */

import {
  FIRST_METRICS,
  measureOf,
  valueOf as metricValue,
} from "../../lib/run_log/search/measure.ts";
import { isRanked, rankedTrials } from "../../lib/run_log/search/ranking.ts";
import type { MetricRecord } from "../../lib/run_log/run/records.ts";
import type { Search, TrialRecord } from "../../lib/run_log/search/search.ts";
import { optionText } from "../../lib/run_log/search/trial_command.ts";
import { ownEntry } from "../../lib/run_log/shared/own_entry.ts";

/** "rank", a field of a trial, or "option " or "metric " and the name of one. */
type TrialKey = string;

export interface TrialOrder {
  readonly key: TrialKey;
  readonly descending: boolean;
}

/** A trial and its place in the ranking, from 1; null where it has none. */
export interface RankedTrial {
  readonly trial: TrialRecord;
  readonly rank: number | null;
}

/** The best first. */
export function withRanks(search: Search): RankedTrial[] {
  return rankedTrials(search).map((trial, i) => ({
    trial,
    rank: isRanked(trial, search) ? i + 1 : null,
  }));
}

/** What trials have been measured by: the loss, what the search goes by, and the accuracy where there is one. */
export function metricsOf(search: Search): MetricRecord[] {
  const all = [...FIRST_METRICS.values()];
  const others = all.filter(({ name }) =>
    name === "loss" || search.trials.some((trial) => metricValue(trial, name) !== null)
  );
  return [...new Map([...others, measureOf(search)].map((it) => [it.name, it])).values()];
}

export function metricKey(metric: string): TrialKey {
  return `metric ${metric}`;
}

export function optionKey(option: string): TrialKey {
  return `option ${option}`;
}

/** What has no value comes last, whichever way; trials that are alike stay in the order that they had. */
export function sortedTrials(
  trials: readonly RankedTrial[],
  { key, descending }: TrialOrder,
): RankedTrial[] {
  const sign = descending ? -1 : 1;
  return [...trials].sort((a, b) => {
    const [x, y] = [valueOf(a, key), valueOf(b, key)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === "number" && typeof y === "number") return sign * (x - y);
    return sign * (String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0);
  });
}

function valueOf({ trial, rank }: RankedTrial, key: TrialKey): string | number | null {
  switch (key) {
    case "rank":
      return rank;
    case "run":
      return trial.trial;
    case "status":
    case "epochs":
      return trial[key];
  }
  if (key.startsWith(metricKey(""))) return metricValue(trial, key.slice(metricKey("").length));
  const option = key.slice(optionKey("").length);
  const value = ownEntry(trial.options, option);
  if (value === undefined) return null;
  return typeof value === "number" ? value : optionText(value);
}
