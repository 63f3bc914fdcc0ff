/**
 * What `runs/NAME/summary.json` holds: what several runs of one configuration came to, the runs `NAME-seed-42` and so on or
 * `NAME-fold-1` and so on. Losses are cross-entropy in nats, accuracies are fractions from 0 to 1; a number that is not
 * finite or was not measured is `null`.
 */
import type { ConfigValue, Measured, RunStatus } from "../run/records.ts";

/** The version of this format. */
export const SUMMARY_SCHEMA = 1;

export const SERIES_KINDS = ["seeds", "folds"] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/** What is measured of every run. */
export const SUMMARY_MEASURES = [
  "validationLoss",
  "validationAccuracy",
  "testLoss",
  "testAccuracy",
] as const;
export type SummaryMeasure = (typeof SUMMARY_MEASURES)[number];

export interface Summary {
  readonly type: "summary";
  readonly schema: number;
  readonly name: string;
  readonly kind: SeriesKind;
  /** "running" until the last run is over, or for ever where the process was killed. */
  readonly status: "running" | "completed" | "interrupted";
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Every option as it was used. */
  readonly config: Readonly<Record<string, ConfigValue>>;
  /** How many runs there are to be. */
  readonly runCount: number;
  /** Those that are over, in order. */
  readonly runs: readonly SummaryRun[];
  /** Over the runs that were completed. */
  readonly statistics: Readonly<Record<SummaryMeasure, SummaryStatistics>>;
}

export type SummaryRun = Readonly<Record<SummaryMeasure, Measured>> & {
  readonly name: string;
  readonly seed: number;
  /** Which part validated, from 1; null where runs differ by their seed. */
  readonly fold: number | null;
  readonly status: RunStatus;
  /** Epochs that were trained. */
  readonly epochs: number;
  /** The one with the best validation loss, from 1. */
  readonly bestEpoch: number | null;
};

export interface SummaryStatistics {
  /** Runs that have this number. */
  readonly count: number;
  readonly mean: Measured;
  /** Of a sample: with count - 1; null where there are fewer than two. */
  readonly standardDeviation: Measured;
  readonly least: Measured;
  readonly most: Measured;
}
