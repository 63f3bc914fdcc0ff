/** What the trials of a search are compared by: a metric of their task on the validation rows, with its direction. */

import type { Measured, MetricRecord, MetricValues } from "../run/records.ts";
import { ownEntry } from "../shared/own_entry.ts";

/** What trials are compared by, as a search has it. */
export interface Measure {
  /** As it was asked for. */
  readonly metric: string;
  /** Absent in searches of version 1. */
  readonly measure?: MetricRecord;
}

/** What validated a trial's last epoch. */
interface TrialMetrics {
  readonly validationLoss: Measured;
  readonly validationAccuracy: Measured;
  /** By name, but for the loss; absent in searches of version 1. */
  readonly validation?: MetricValues;
}

const LOSS: MetricRecord = { name: "loss", label: "Loss", unit: "nats", higherIsBetter: false };
const ACCURACY: MetricRecord = {
  name: "accuracy",
  label: "Accuracy",
  unit: "",
  higherIsBetter: true,
};

/** What searches of version 1 are compared by, as logs have it, by the name that such a search has for it. */
export const FIRST_METRICS: ReadonlyMap<string, MetricRecord> = new Map([
  ["validation-loss", LOSS],
  ["validation-accuracy", ACCURACY],
]);

export function measureOf({ metric, measure }: Measure): MetricRecord {
  return measure ?? FIRST_METRICS.get(metric) ?? LOSS;
}

/** "validation loss", "validation macro F1", "validation RMSE". */
export function measureWords(measure: Measure): string {
  const { label } = measureOf(measure);
  // An abbreviation stays as it is.
  return `validation ${
    /^[A-Z][a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label
  }`;
}

/** A metric after a trial's last epoch, by the name that logs have for it. */
export function valueOf(trial: TrialMetrics, name: string): Measured {
  if (name === "loss") return trial.validationLoss;
  return ownEntry(trial.validation ?? {}, name) ??
    (name === "accuracy" ? trial.validationAccuracy : null);
}

/** The metric that a search goes by, after a trial's last epoch. */
export function metricOf(trial: TrialMetrics, measure: Measure): Measured {
  return valueOf(trial, measureOf(measure).name);
}
