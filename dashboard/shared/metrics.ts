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

/**
 * The metrics whose curves are drawn: of classification the accuracy alone, whose macro F1 is not known of training rows; of
 * other tasks all but the loss, which has a chart of its own.
 */
export function drawnMetrics(run: Run): readonly Pick<MetricRecord, "name" | "label">[] {
  const metrics = run?.metrics?.filter(({ name }) => name !== "loss");
  const accuracy = metrics?.find(({ name }) => name === "accuracy") ??
    { name: "accuracy", label: "Accuracy" };
  const isClassification = metrics === undefined ||
    metrics.some(({ name }) => name === "macroF1") &&
      metrics.some(({ name }) => name === "accuracy");
  return isClassification ? [accuracy] : metrics.slice(0, MOST_DRAWN);
}

/** As many as have columns: see curves.ts. */
const MOST_DRAWN = 8;

/** What runs without a record of their metrics measure: those of classification. */
const CLASSIFICATION: readonly MetricRecord[] = [
  { name: "accuracy", label: "Accuracy", unit: "", higherIsBetter: true },
  { name: "macroF1", label: "Macro F1", unit: "", higherIsBetter: true },
];

/** The metrics of a task, but for the loss. */
export function metricsOf(run: Run): readonly MetricRecord[] {
  return run?.metrics?.filter(({ name }) => name !== "loss") ?? CLASSIFICATION;
}

/** The one that says most of a task. */
export function mainMetric(run: Run): MetricRecord {
  return metricsOf(run)[0] ?? CLASSIFICATION[0];
}

/** Whether people give it in percent. */
export function isPercent(name: string): boolean {
  return /accuracy|precision|recall/i.test(name);
}

/** Words for a metric of which only the name is known: "subset accuracy" of `subsetAccuracy`. */
export function labelOf(name: string): string {
  if (/^(r2|f1|rmse|mae)$/i.test(name)) return name.toUpperCase();
  const words = name.replace(/[A-Z][a-z]*/g, (word) => ` ${word.toLowerCase()}`);
  return words.replace(/\bf1\b/, "F1").replace(/\b(roc|pr) auc\b/, (word) => word.toUpperCase());
}

/** A label amid a sentence: "loss", "macro F1", "RMSE". */
export function labelWords(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}

export function formatMetric(name: string, value: number | null): string {
  return isPercent(name) ? formatPercent(value) : formatLoss(value);
}
