/**
 * What `runs/NAME/summary.json` holds: what several runs of one configuration came to, the runs `NAME-seed-42` and so on or
 * `NAME-fold-1` and so on. Losses of classes are in nats, accuracies are fractions from 0 to 1; a number that is not
 * finite or was not measured is `null`.
 */

import * as v from "valibot";
import { runStatus } from "../run/end_record.ts";
import { metricRecord, metricValues } from "../run/metrics.ts";
import {
  config,
  count,
  entriesOf,
  exactly,
  fields,
  items,
  measured,
  oneOf,
  type Read,
  text,
} from "../shared/fields.ts";
import { type FileOf, readFileOf, upToBytes, upToVersion } from "../shared/json_file.ts";

/** The version of this format. Version 2 adds all metrics by name; those of version 1 have losses and accuracies alone. */
export const SUMMARY_SCHEMA = 2;

/** An honest one of a thousand runs has a fifth of it. */
const MAX_SUMMARY_BYTES = 2 * 1024 * 1024;

/** What is measured of every run. */
const measures = {
  validationLoss: measured,
  validationAccuracy: measured,
  testLoss: measured,
  testAccuracy: measured,
};
export type SummaryMeasure = keyof typeof measures;
export const SUMMARY_MEASURES = Object.keys(measures) as SummaryMeasure[];

const run = fields({
  name: text,
  seed: count,
  /** Which part validated, from 1; null where runs differ by their seed. */
  fold: v.nullable(count),
  status: runStatus,
  /** Epochs that were trained. */
  epochs: count,
  /** The one with the best validation, from 1. */
  bestEpoch: v.nullable(count),
  ...measures,
  /** Metrics of the saved model by name, the loss among them; absent in version 1. */
  validation: v.optional(v.nullable(metricValues)),
  test: v.optional(v.nullable(metricValues)),
});
export type SummaryRun = Read<typeof run>;

const statistics = fields({
  /** Runs that have this number. */
  count,
  mean: measured,
  /** Of a sample: with count - 1; null where there are fewer than two. */
  standardDeviation: measured,
  least: measured,
  most: measured,
});
export type SummaryStatistics = Read<typeof statistics>;

/** By the metric's name. */
const statisticsByName = entriesOf((entry): entry is SummaryStatistics => v.is(statistics, entry));

const summary = fields({
  type: exactly("summary"),
  schema: count,
  name: text,
  kind: oneOf(["seeds", "folds"]),
  /** "running" until the last run is over, or for ever where the process was killed. */
  status: oneOf(["running", "completed", "interrupted"]),
  /** ISO 8601, UTC. */
  startedAt: text,
  /** Every option as it was used. */
  config,
  /** How many runs there are to be. */
  runCount: count,
  /** Those that are over, in order. */
  runs: items(run),
  /** Over the runs that were completed. */
  statistics: fields({
    validationLoss: statistics,
    validationAccuracy: statistics,
    testLoss: statistics,
    testAccuracy: statistics,
  }),
  /** The task's metrics, the loss first; this and the next absent in version 1, and while no run is over. */
  metrics: v.optional(items(metricRecord)),
  metricStatistics: v.optional(fields({ validation: statisticsByName, test: statisticsByName })),
});
export type Summary = Read<typeof summary>;
export type SeriesKind = Summary["kind"];

/** @param file its bytes or its text */
export function readSummary(file: string | Uint8Array): FileOf<"summary", Summary> {
  return readFileOf(
    {
      type: "summary",
      schema: summary,
      checkVersion: upToVersion(SUMMARY_SCHEMA),
      checkLength: upToBytes(MAX_SUMMARY_BYTES),
    },
    file,
  );
}
