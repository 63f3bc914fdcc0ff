/** A row for each run of a series, and their mean and standard deviation. */

import type {
  Summary,
  SummaryRun,
  SummaryStatistics,
} from "../../../lib/run_log/summary/summary.ts";
import { formatCount, NOTHING } from "../../shared/format.ts";
import { formatMetric, labelWords, metricsOf } from "../../shared/metrics.ts";
import { runAddress } from "../../shared/positions.ts";

type Part = "validation" | "test";

interface Column {
  readonly part: Part;
  readonly metric: string;
  readonly title: string;
}

/** Losses and accuracies have fields of their own in summaries of version 1. */
const FIRST = {
  "validation.loss": "validationLoss",
  "validation.accuracy": "validationAccuracy",
  "test.loss": "testLoss",
  "test.accuracy": "testAccuracy",
} as const;

function firstField({ part, metric }: Column) {
  const key = `${part}.${metric}`;
  return Object.hasOwn(FIRST, key) ? FIRST[key as keyof typeof FIRST] : null;
}

function valueOf(run: SummaryRun, column: Column): number | null {
  const field = firstField(column);
  return run[column.part]?.[column.metric] ?? (field ? run[field] : null);
}

function statisticOf(summary: Summary, column: Column): SummaryStatistics | undefined {
  const field = firstField(column);
  return summary.metricStatistics?.[column.part][column.metric] ??
    (field ? summary.statistics[field] : undefined);
}

function columnsOf(summary: Summary): Column[] {
  const metrics = [{ name: "loss", label: "loss" }, ...metricsOf(summary)];
  return (["validation", "test"] as const).flatMap((part) =>
    metrics.map(({ name, label }) => ({
      part,
      metric: name,
      title: `${part === "test" ? "Test" : "Validation"} ${labelWords(label)}`,
    }))
  ).filter((column) => summary.runs.some((run) => valueOf(run, column) !== null));
}

export default function SeriesTable({ summary }: { readonly summary: Summary }) {
  const columns = columnsOf(summary);
  const last = (name: string, key: "mean" | "standardDeviation") => (
    <tr class="summary-row">
      <th scope="row">{name}</th>
      <td />
      <td />
      {columns.map((column) => (
        <td key={column.title}>
          {formatMetric(column.metric, statisticOf(summary, column)?.[key] ?? null)}
        </td>
      ))}
    </tr>
  );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of runs">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Epochs</th>
            <th scope="col">Best epoch</th>
            {columns.map(({ title }) => <th key={title} scope="col">{title}</th>)}
          </tr>
        </thead>
        <tbody>
          {summary.runs.map((run) => (
            <tr key={run.name}>
              <th scope="row">
                <a href={runAddress(run.name)}>
                  {run.fold === null ? `seed ${run.seed}` : `fold ${run.fold}`}
                </a>
                {run.status !== "completed" && <small>{run.status}</small>}
              </th>
              <td>{formatCount(run.epochs)}</td>
              <td>{run.bestEpoch === null ? NOTHING : formatCount(run.bestEpoch)}</td>
              {columns.map((column) => (
                <td key={column.title}>{formatMetric(column.metric, valueOf(run, column))}</td>
              ))}
            </tr>
          ))}
        </tbody>
        <tbody>
          {last("mean", "mean")}
          {last("deviation", "standardDeviation")}
        </tbody>
      </table>
    </div>
  );
}
