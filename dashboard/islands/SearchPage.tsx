/** One search: what it varied, and what came of it. */

import { useMemo, useState } from "preact/hooks";
import { measureOf, measureWords, metricOf } from "../../lib/run_log/search/measure.ts";
import type { Search, TrialRecord } from "../../lib/run_log/search/search.ts";
import { ownEntry } from "../../lib/run_log/shared/own_entry.ts";
import { optionText, trialCommand } from "../../lib/run_log/search/trial_command.ts";
import { axesOf, type Filters, METRIC_COLORS, passes } from "../chart/parallel_axes.ts";
import Card from "../components/ui/Card.tsx";
import Facts from "../components/ui/Facts.tsx";
import ParallelChart from "../components/search/ParallelChart.tsx";
import TrialBadge from "../components/search/TrialBadge.tsx";
import TrialTable from "../components/search/TrialTable.tsx";
import { metricsOf, sortedTrials, type TrialOrder, withRanks } from "../live/trial_list.ts";
import { useSearch } from "../live/use_search.ts";
import { formatCount, formatDuration, formatTime } from "../shared/format.ts";
import { formatMetric } from "../shared/metrics.ts";
import { runAddress } from "../shared/positions.ts";

/** The best of them, where there are more: each is a line that answers to the pointer. */
const MOST_SHOWN = 500;

const NO_FILTERS: Filters = new Map();

export default function SearchPage({ search: first }: { readonly search: Search }) {
  const search = useSearch(first);
  const [filters, setFilters] = useState(NO_FILTERS);
  const [marked, setMarked] = useState<number | null>(null);
  const [order, setOrder] = useState<TrialOrder>({ key: "rank", descending: false });
  const axes = useMemo(() => axesOf(search), [search]);
  const ranked = useMemo(() => withRanks(search).slice(0, MOST_SHOWN), [search]);
  const shown = ranked.filter(({ trial }) => passes(trial, axes, filters));
  const left = ranked.filter((it) => !shown.includes(it)).map(({ trial }) => trial);
  const current = shown.find(({ trial }) => trial.trial === marked)?.trial ?? null;
  const onMark = (trial: TrialRecord | null) => setMarked(trial?.trial ?? null);
  const options = axes.slice(0, -1).map(({ key }) => key);

  const describe = (trial: TrialRecord) => {
    const rank = ranked.find((it) => it.trial === trial)?.rank;
    const values = options.map((option) =>
      `${option} ${optionText(ownEntry(trial.options, option) ?? null)}`
    );
    const place = rank ? `rank ${rank}` : trial.status;
    return [`${trial.run}: ${place}`, metricText(trial, search), ...values].join(", ");
  };
  return (
    <>
      <Head search={search} />
      <Card
        title="Options and metric"
        note={"A line is a trial; the best end of the metric is on top. Drag along an axis, or move " +
          "the handles at its ends, to pick a range."}
        wide
      >
        <ParallelChart
          {...{ axes, filters, left, describe, onMark }}
          trials={shown.map(({ trial }) => trial)}
          marked={current}
          onFilters={setFilters}
        />
        <div class="parallel-foot">
          <Scale />
          <p role="status">
            {shown.length === ranked.length
              ? `${formatCount(ranked.length)} trials`
              : `${formatCount(shown.length)} of ${formatCount(ranked.length)} trials`}
          </p>
          <button
            type="button"
            disabled={filters.size === 0}
            onClick={() => setFilters(NO_FILTERS)}
          >
            Show all
          </button>
        </div>
        <p class="parallel-marked">{current && describe(current)}</p>
      </Card>
      {search.trials.length > MOST_SHOWN && (
        <p class="note">
          The best {formatCount(MOST_SHOWN)} of {formatCount(search.trials.length)}{" "}
          trials are shown.
        </p>
      )}
      <TrialTable
        {...{ options, order, onMark }}
        metrics={metricsOf(search)}
        trials={sortedTrials(shown, order)}
        marked={current}
        onOrder={setOrder}
      />
      <div class="columns">
        <Settings search={search} />
      </div>
    </>
  );
}

function Head({ search }: { readonly search: Search }) {
  const { status, startedAt, totalMs, trials } = search;
  const best = withRanks(search).find(({ rank }) => rank === 1)?.trial;
  return (
    <>
      <p class="run-line">
        <TrialBadge status={status} />
        <span>{formatTime(startedAt)} UTC</span>
        <span>{formatCount(trials.filter(({ begun }) => begun).length)} trials begun</span>
        <span>{formatDuration(totalMs)}</span>
      </p>
      {best && (
        <Card title={status === "completed" ? "Best" : "Best so far"} wide>
          <p>
            <a href={runAddress(best.run)}>{best.run}</a>, {metricText(best, search)} after{" "}
            {formatCount(best.epochs)} epochs
          </p>
          <pre
            class="command"
            tabIndex={0}
            aria-label="Command"
          ><code>{trialCommand(best.options, search.bestArguments)}</code></pre>
        </Card>
      )}
    </>
  );
}

function metricText(trial: TrialRecord, search: Search): string {
  const text = formatMetric(measureOf(search).name, metricOf(trial, search));
  return `${measureWords(search)} ${text}`;
}

/** What the colors of the lines mean. */
function Scale() {
  return (
    <p class="metric-scale">
      worse
      <svg width={METRIC_COLORS * 24} height={12} aria-hidden="true">
        {Array.from(
          { length: METRIC_COLORS },
          (_, i) => <path key={i} class={`trial-line metric-${i}`} d={`M${i * 24} 6h24`} />,
        )}
      </svg>
      better
    </p>
  );
}

function Settings({ search }: { readonly search: Search }) {
  const { strategy, seed, trialsAsked, timeMs, workers, rungs, space } = search;
  const facts: [string, string][] = [
    ["Strategy", strategy],
    ["Metric", measureWords(search)],
    [
      "Rungs",
      rungs.map(({ epochs, trials }) => `${trials} of ${epochs} epochs`).join(", ") || "none",
    ],
    ["Seed", String(seed)],
    [
      "Trials asked for",
      trialsAsked === null ? "as many as there is time for" : formatCount(trialsAsked),
    ],
    ["Time", timeMs === null ? "as long as it takes" : formatDuration(timeMs)],
    ["Workers", formatCount(workers)],
  ];
  return (
    <>
      <Card title="Search">
        <Facts facts={facts} />
      </Card>
      <Card title="Space">
        <Facts
          facts={space.map(({ option, kind, values }) => [
            option,
            kind === "choice" || kind === "fixed"
              ? values.map(optionText).join(" | ")
              : `${values[0]} to ${values[1]}, ${kind}`,
          ])}
        />
      </Card>
    </>
  );
}
