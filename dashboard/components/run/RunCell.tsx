/** What stands in a cell of the list of runs. */

import type { Column, Options } from "../../live/list_columns.ts";
import { valueOf } from "../../live/list_columns.ts";
import { groupValue, type Row } from "../../live/list_rows.ts";
import {
  formatAge,
  formatCount,
  formatDuration,
  formatLoss,
  formatNumber,
  formatOption,
  formatTime,
  NOTHING,
} from "../../shared/format.ts";
import { formatMetric } from "../../shared/metrics.ts";
import { resultsWords } from "../../shared/results.ts";
import type { RunSummary } from "../../shared/types.ts";

interface Props {
  readonly row: Row;
  readonly column: Column;
  readonly defaults: Options;
  /** That others are compared with. */
  readonly baseline: RunSummary | null;
  readonly now: number;
}

export default function RunCell({ row, column, defaults, baseline, now }: Props) {
  const { key } = column;
  if (row.kind === "group") {
    const { value, deviation, count, isBest } = groupValue(row, column, defaults);
    if (value === null) return <span class="soft">{count > 1 && isText(key) ? "…" : NOTHING}</span>;
    const text = textOf(key, value, now);
    if (isBest) return <span title={`The best of ${count}`}>{text}</span>;
    if (deviation === null) return <>{text}</>;
    const spread = textOf(key, deviation, now);
    return (
      <span title={`Mean and standard deviation of ${count}`}>
        {text} <small>± {spread}</small>
      </span>
    );
  }
  const { run } = row;
  if (key === "startedAt") {
    return <span title={`${formatTime(run.startedAt)} UTC`}>{age(run, now)}</span>;
  }
  if (key === "epochs") return <Epochs run={run} />;
  if (key === "backend") {
    return <span title={run.adapter ?? undefined}>{run.backend ?? NOTHING}</span>;
  }
  const value = valueOf(run, key, defaults);
  if (value === null) return <span class="soft">{NOTHING}</span>;
  const isMetric = column.higherIsBetter !== undefined;
  const text = textOf(key, value, now);
  const delta = isMetric && baseline && baseline.name !== run.name
    ? difference(value, valueOf(baseline, key, defaults))
    : null;
  return (
    <span title={isMetric ? `Of the ${resultsWords(run.measured)}` : undefined}>
      {text}
      {delta !== null && (
        <small
          class={delta === 0
            ? "delta"
            : (delta > 0) === column.higherIsBetter
            ? "delta better"
            : "delta worse"}
        >
          {delta > 0 ? "+" : delta < 0 ? "−" : "±"}
          {textOf(key, Math.abs(delta), now)}
        </small>
      )}
    </span>
  );
}

const isText = (key: string) => key.startsWith("option.") || ["preset", "backend"].includes(key);

function age({ startedAt }: RunSummary, now: number): string {
  return formatAge(startedAt, now);
}

function Epochs({ run: { epochs, epochsAsked, measured } }: { readonly run: RunSummary }) {
  const isEarlier = measured.isSaved && measured.epoch !== null && measured.epoch < epochs;
  return (
    <span title={isEarlier ? `Its model is that of epoch ${measured.epoch}` : undefined}>
      {formatCount(epochs)}
      {epochsAsked !== epochs && <small>/ {formatCount(epochsAsked)}</small>}
      {isEarlier && <small>best {formatCount(measured.epoch)}</small>}
    </span>
  );
}

function difference(value: unknown, base: unknown): number | null {
  return typeof value === "number" && typeof base === "number" ? value - base : null;
}

function textOf(key: string, value: ReturnType<typeof valueOf>, now: number): string {
  if (typeof value !== "number") {
    return key === "startedAt" ? formatAge(String(value), now) : formatOption(value);
  }
  const [part, name] = key.split(".");
  if (part === "validation" || part === "test") return formatMetric(name, value);
  if (part === "option") return formatOption(Number(value.toPrecision(6)));
  switch (key) {
    case "trainLoss":
      return formatLoss(value);
    case "durationMs":
      return formatDuration(value);
    case "samplesPerSecond":
    case "threads":
    case "epochs":
      return formatCount(value);
  }
  return formatNumber(value);
}
