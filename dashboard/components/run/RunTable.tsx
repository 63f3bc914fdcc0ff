/** Runs as a table whose headings sort it; on a narrow screen each run is a card. */

import type { ComponentChildren } from "preact";
import { slotColor } from "../../chart/run_colors.ts";
import { mainMetrics, type Order, type SortKey, valueOf } from "../../live/run_list.ts";
import { formatCount, formatDuration, formatTime, NOTHING } from "../../shared/format.ts";
import { formatMetric, labelWords } from "../../shared/metrics.ts";
import { resultsWords } from "../../shared/results.ts";
import { runAddress } from "../../shared/positions.ts";
import type { RunSummary } from "../../shared/types.ts";
import SortHeading from "../ui/SortHeading.tsx";
import Sparkline from "./Sparkline.tsx";
import StatusBadge from "./StatusBadge.tsx";

interface Props {
  readonly runs: readonly RunSummary[];
  readonly order: Order;
  /** Slots of those that are picked, by name. */
  readonly picked: ReadonlyMap<string, number>;
  readonly onOrder: (order: Order) => void;
  readonly onPick: (name: string, on: boolean) => void;
}

interface Column {
  readonly key: SortKey;
  readonly name: string;
  readonly cell: (run: RunSummary) => ComponentChildren;
  /** Numbers stand at the right. */
  readonly number?: boolean;
}

const COLUMNS: readonly Column[] = [
  {
    key: "startedAt",
    name: "Started (UTC)",
    // A line may end between day and hour, and not inside of either.
    cell: ({ startedAt }) => (
      <span>
        {formatTime(startedAt).split(" ").map((part, i) => (
          <>
            {i > 0 && " "}
            <span class="unbroken">{part}</span>
          </>
        ))}
      </span>
    ),
  },
  { key: "preset", name: "Preset", cell: ({ preset }) => preset ?? NOTHING },
  {
    key: "backend",
    name: "Back end",
    cell: ({ backend, adapter }) => (
      <>{backend ?? NOTHING}{adapter && <small title={adapter}>{adapter}</small>}</>
    ),
  },
  { key: "threads", name: "Threads", cell: ({ threads }) => formatCount(threads), number: true },
  {
    key: "epochs",
    name: "Epochs",
    cell: ({ epochs, epochsAsked }) => `${formatCount(epochs)} / ${formatCount(epochsAsked)}`,
    number: true,
  },
];

const LAST_COLUMNS: readonly Column[] = [
  {
    key: "samplesPerSecond",
    name: "Samples/s",
    cell: (run) => formatCount(run.samplesPerSecond),
    number: true,
  },
  {
    key: "durationMs",
    name: "Duration",
    cell: (run) => formatDuration(run.durationMs),
    number: true,
  },
];

/** A column for a metric of one part of the rows. */
function metricColumn(part: "validation" | "test", name: string, label: string): Column {
  return {
    key: `${part}.${name}`,
    name: `${part === "test" ? "Test" : "Validation"} ${label}`,
    cell: (run) => {
      const value = valueOf(run, `${part}.${name}`);
      if (typeof value !== "number") return NOTHING;
      return <span title={resultsWords(run.measured)}>{formatMetric(name, value)}</span>;
    },
    number: true,
  };
}

function colorOf(slot: number | undefined): number | null {
  return slot === undefined ? null : slotColor(slot).color;
}

function columnsFor(runs: readonly RunSummary[]): Column[] {
  const metrics = mainMetrics(runs).flatMap(({ name, label }) => [
    metricColumn("validation", name, labelWords(label)),
    metricColumn("test", name, labelWords(label)),
  ]);
  return [...COLUMNS, metricColumn("validation", "loss", "loss"), ...metrics, ...LAST_COLUMNS];
}

export default function RunTable({ runs, order, picked, onOrder, onPick }: Props) {
  const columns = columnsFor(runs);
  const heading = (key: SortKey, name: string) => (
    <SortHeading key={key} {...{ sortKey: key, name, order, onOrder }} />
  );
  return (
    <div class="scroll runs-scroll" tabIndex={0} role="region" aria-label="Runs">
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">Compare</span>
            </th>
            {heading("name", "Run")}
            {heading("state", "Status")}
            <th scope="col">Loss curve</th>
            {columns.map(({ key, name }) => heading(key, name))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.name}>
              <td class="pick">
                <label>
                  <input
                    type="checkbox"
                    checked={picked.has(run.name)}
                    onChange={(event) => onPick(run.name, event.currentTarget.checked)}
                  />
                  <span class="visually-hidden">Compare {run.name}</span>
                </label>
              </td>
              <th scope="row">
                <a href={runAddress(run.name)}>{run.name}</a>
                {run.problems > 0 && (
                  <span
                    class="warning"
                    title={`${run.problems} lines of its log could not be used`}
                  >
                    ⚠ <span class="visually-hidden">its log has problems</span>
                  </span>
                )}
              </th>
              <td>
                <StatusBadge state={run.state} useless={run.useless} />
              </td>
              <td>
                <Sparkline values={run.sparkline} color={colorOf(picked.get(run.name))} />
              </td>
              {columns.map(({ key, name, cell, number }) => (
                <td key={key} class={number ? "number" : undefined} data-name={name}>
                  {cell(run)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
