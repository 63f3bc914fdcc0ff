/** The columns of a search's table of trials, and how they sort it. */

import { isRanked, rankedTrials } from "../../lib/run_log/search/ranking.ts";
import type { Search, TrialRecord } from "../../lib/run_log/search/search.ts";
import { optionText } from "../../lib/run_log/search/trial_command.ts";
import { ownEntry } from "../../lib/run_log/shared/own_entry.ts";

/** "rank", a field of a trial, or "option " and the name of one. */
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
    rank: isRanked(trial, search.metric) ? i + 1 : null,
  }));
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
    case "validationLoss":
    case "validationAccuracy":
      return trial[key];
  }
  const option = key.slice(optionKey("").length);
  const value = ownEntry(trial.options, option);
  if (value === undefined) return null;
  return typeof value === "number" ? value : optionText(value);
}
