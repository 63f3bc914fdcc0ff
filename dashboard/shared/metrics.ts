/** What a run measures, which its record names since schema 2; before, that was the accuracy. */
import type { MetricRecord, RunRecord } from "../../lib/run_log/run/records.ts";
import { formatLoss, formatPercent } from "./format.ts";

type Run = Pick<RunRecord, "metrics"> | null;

export function hasAccuracy(run: Run): boolean {
  return run?.metrics === undefined || run.metrics.some(({ name }) => name === "accuracy");
}

/** What a loss is measured in, for the axis of its chart. */
export function lossLabel(run: Run): string {
  const loss = run?.metrics?.find(({ name }: MetricRecord) => name === "loss");
  return loss && loss.unit !== "nats" ? "Loss" : "Cross-entropy (nats)";
}

/** A fraction as a percentage where people say so, else a number. */
export function formatMetric(name: string, value: number | null): string {
  return /accuracy|precision|recall/i.test(name) ? formatPercent(value) : formatLoss(value);
}
