/** The list of runs as it changes, and as it is sorted and filtered. */

import type { MetricRecord } from "../../lib/run_log/run/records.ts";
import { ownEntry } from "../../lib/run_log/shared/own_entry.ts";
import { mainMetric } from "../shared/metrics.ts";
import type { LiveEvent, RunSummary } from "../shared/types.ts";

/** The list after some events. */
export function updatedList(
  runs: readonly RunSummary[],
  events: readonly LiveEvent[],
): readonly RunSummary[] {
  const byName = new Map(runs.map((run) => [run.name, run]));
  for (const event of events) {
    if (event.type === "summary") byName.set(event.summary.name, event.summary);
    if (event.type === "removed") byName.delete(event.name);
  }
  return [...byName.values()];
}

/** What a list can be sorted by: a field of a summary, or `validation.NAME` and `test.NAME` of a metric. */
export type SortKey = string;

/** What a run has of a column; null where it has nothing. */
export function valueOf(run: RunSummary, key: SortKey): string | number | null {
  const [part, name] = key.split(".");
  if (part === "validation" || part === "test") return ownEntry(run[part], name) ?? null;
  const value = ownEntry(run as unknown as Readonly<Record<string, unknown>>, key);
  return typeof value === "string" || typeof value === "number" ? value : null;
}

/** The metric that says most of each task of these runs, each once. */
export function mainMetrics(runs: readonly RunSummary[]): MetricRecord[] {
  return [...new Map(runs.map(mainMetric).map((metric) => [metric.name, metric])).values()];
}

export interface Order {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** What has no value comes last, whichever way; runs that are alike stay in the order of their names. */
export function sorted(runs: readonly RunSummary[], { key, descending }: Order): RunSummary[] {
  const sign = descending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [valueOf(a, key), valueOf(b, key)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const order = typeof x === "number" && typeof y === "number"
      ? x - y
      : compareTexts(String(x), String(y));
    return sign * order || compareTexts(a.name, b.name);
  });
}

/** The runs in whose name, state, preset, back end or adapter every word of `text` is found. */
export function filtered(runs: readonly RunSummary[], text: string): RunSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => {
    const haystack = [run.name, run.state, run.preset, run.backend, run.adapter]
      .join("\n").toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

/** By code units: the same on the server and in every browser. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
