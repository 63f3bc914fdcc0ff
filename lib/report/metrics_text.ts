/** Metrics of any task, by name, as text. */
import { formatLoss, formatPercent } from "./format.ts";

/** What is known of a metric, as logs have it. */
export interface NamedMetric {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
}

type Values = Readonly<Record<string, number | null>>;

/** `81.51 %`, `0.4904`; a fraction is a percentage where people say so. */
export function formatMetric({ name }: Pick<NamedMetric, "name">, value: number | null): string {
  return /accuracy|precision|recall/i.test(name) ? formatPercent(value) : formatLoss(value);
}

/** A label amid a sentence: "loss", "macro F1", "RMSE". */
export function metricWords({ label }: Pick<NamedMetric, "label">): string {
  return /^[A-Z][a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}

/** `RMSE 54.1234, MAE 43.2100, R2 0.5123`: those that have a value. */
export function metricsText(metrics: readonly NamedMetric[], values: Values): string {
  return metrics.filter(({ name }) => name in values)
    .map((metric) => `${metric.label} ${formatMetric(metric, values[metric.name])}`).join(", ");
}

/** The metric that says most of a task, which is the first after the loss; for the line of an epoch. */
export function leadingMetric(metrics: readonly NamedMetric[], values: Values | null): string {
  const metric = metrics.find(({ name }) => name !== "loss");
  return metric && values ? metricsText([metric], values) : "-";
}
