/** Columns of the list of runs: fields of a run, its metrics, its options. A key is what addresses and filters call one. */

import type { ConfigValue, MetricRecord } from "../../lib/run_log/run/records.ts";
import { ownEntry } from "../../lib/run_log/shared/own_entry.ts";
import { formatOption } from "../shared/format.ts";
import { labelWords, mainMetric, metricsOf } from "../shared/metrics.ts";
import type { RunSummary } from "../shared/types.ts";

/** A field of a summary, or `validation.NAME` and `test.NAME` of a metric, or `option.NAME`. */
export type ColumnKey = string;

export type Options = Readonly<Record<string, ConfigValue>>;

/** What a run has of a column; null where it has nothing. @param defaults of options that a run does not say */
export function valueOf(run: RunSummary, key: ColumnKey, defaults: Options): ConfigValue {
  const dot = key.indexOf(".");
  if (dot < 0) {
    const value = ownEntry(run as unknown as Readonly<Record<string, unknown>>, key);
    return typeof value === "string" || typeof value === "number" ? value : null;
  }
  const [part, name] = [key.slice(0, dot), key.slice(dot + 1)];
  if (part === "validation" || part === "test") return ownEntry(run[part], name) ?? null;
  if (part !== "option") return null;
  return ownEntry(run.options, name) ?? ownEntry(defaults, name) ?? null;
}

export interface Column {
  readonly key: ColumnKey;
  readonly name: string;
  /** Numbers stand at the right. */
  readonly isNumber: boolean;
  /** Of metrics: which way they are better. */
  readonly higherIsBetter?: boolean;
}

const field = (key: ColumnKey, name: string, isNumber = false): Column => ({ key, name, isNumber });

const STARTED = field("startedAt", "Started");
/** Shown where runs differ in them. */
const SETTINGS = [
  field("preset", "Preset"),
  field("backend", "Back end"),
  field("threads", "Threads", true),
];
const EPOCHS = field("epochs", "Epochs", true);
const TRAIN_LOSS = field("trainLoss", "Training loss", true);
const SPEED = [field("samplesPerSecond", "Samples/s", true), field("durationMs", "Duration", true)];

/** The metric that says most of each task of these runs, each once. */
export function mainMetrics(runs: readonly RunSummary[]): MetricRecord[] {
  return byName(runs.map(mainMetric));
}

function byName(metrics: readonly MetricRecord[]): MetricRecord[] {
  return [...new Map(metrics.map((metric) => [metric.name, metric])).values()];
}

function metricColumn(
  part: "validation" | "test",
  { name, label, higherIsBetter }: Pick<MetricRecord, "name" | "label" | "higherIsBetter">,
): Column {
  const title = `${part === "test" ? "Test" : "Validation"} ${labelWords(label)}`;
  return { key: `${part}.${name}`, name: title, isNumber: true, higherIsBetter };
}

const LOSS = { name: "loss", label: "Loss", higherIsBetter: false };

/** Options of which the list shows columns without being asked, at most; the chooser has all. */
const MOST_OPTIONS = 8;

/** All that there is to choose from, in the order in which it is shown. */
export function allColumns(runs: readonly RunSummary[], defaults: Options): Column[] {
  const options = [...new Set(runs.flatMap(({ options }) => Object.keys(options)))].sort();
  const metrics = [LOSS, ...byName(runs.flatMap(metricsOf))];
  return [
    STARTED,
    EPOCHS,
    TRAIN_LOSS,
    ...metrics.flatMap((metric) => [
      metricColumn("validation", metric),
      metricColumn("test", metric),
    ]),
    ...SPEED,
    ...SETTINGS,
    ...options.map((name) => optionColumn(name, runs, defaults)),
  ];
}

function optionColumn(name: string, runs: readonly RunSummary[], defaults: Options): Column {
  const key = `option.${name}`;
  const isNumber = runs.every((run) => {
    const value = valueOf(run, key, defaults);
    return value === null || typeof value === "number";
  });
  return { key, name, isNumber };
}

/** Those that are shown where nobody has chosen: settings and options in which the runs differ, and what says most of each. */
export function defaultColumns(
  runs: readonly RunSummary[],
  all: readonly Column[],
  defaults: Options,
): ColumnKey[] {
  const differs = ({ key }: Column) =>
    new Set(
      runs.filter(({ state }) => state !== "unreadable")
        .map((run) => formatOption(valueOf(run, key, defaults))),
    ).size > 1;
  const options = all.filter((column) => column.key.startsWith("option.") && differs(column));
  const main = mainMetrics(runs).map(({ name }) => name);
  const shown = new Set([
    STARTED.key,
    ...SETTINGS.filter(differs).map(({ key }) => key),
    ...options.slice(0, MOST_OPTIONS).map(({ key }) => key),
    EPOCHS.key,
    "validation.loss",
    ...main.flatMap((name) => [`validation.${name}`, `test.${name}`]),
    "durationMs",
  ]);
  return all.filter(({ key }) => shown.has(key)).map(({ key }) => key);
}
