/**
 * What `runs/NAME/search.json` holds: one JSON object, a `Search`, written anew whenever a trial begins or ends. Each trial
 * is a run of its own, `runs/NAME-001/` and so on. Times are in milliseconds, losses are cross-entropy in nats; what was
 * not measured, or is not finite, is `null`.
 *
 * Glossary: trial, one configuration out of the space; rung, a number of epochs at which trials are compared; bracket,
 * trials that are compared with one another.
 */

import type { ConfigValue, Measured, RunDataset } from "../run/records.ts";

/** The version of this format. */
export const SEARCH_SCHEMA = 1;

/**
 * "running": or it was killed; "interrupted": by Ctrl-C; "out-of-time": its time is over; "failed": none of its trials came
 * to anything.
 */
export const SEARCH_STATUSES = [
  "running",
  "completed",
  "interrupted",
  "out-of-time",
  "failed",
] as const;
export type SearchStatus = (typeof SEARCH_STATUSES)[number];

export const STRATEGIES = ["halving", "random"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** What trials are compared by, after the epoch that a rung ends with. */
export const METRICS = ["validation-loss", "validation-accuracy"] as const;
export type Metric = (typeof METRICS)[number];

export const DIMENSION_KINDS = [
  "fixed",
  "choice",
  "uniform",
  "log-uniform",
  "integer",
  "log-integer",
] as const;

/** "waiting": for its turn or for the others of its rung; "dropped": better ones went on in its place. */
export const TRIAL_STATUSES = [
  "waiting",
  "running",
  "dropped",
  "completed",
  "diverged",
  "failed",
] as const;
export type TrialStatus = (typeof TRIAL_STATUSES)[number];

export interface Search {
  readonly type: "search";
  readonly schema: number;
  readonly status: SearchStatus;
  /**
   * A random UUID, by which the search knows the runs of its trials again; absent in searches of versions that did not
   * write it.
   */
  readonly id?: string;
  /** The name of the folder. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Of all processes that worked at it together. */
  readonly totalMs: Measured;
  readonly strategy: Strategy;
  readonly metric: Metric;
  /** Draws the trials. */
  readonly seed: number;
  /** Null: as many as there is time for. */
  readonly trialsAsked: number | null;
  /** How long it may take; null: as long as it takes. */
  readonly timeMs: Measured;
  /** Trials that are trained at once. */
  readonly workers: number;
  /** The folder of the data; null where it was found otherwise. */
  readonly dataDir: string | null;
  readonly dataset: Pick<RunDataset, "name" | "sha256">;
  /** Trials of one bracket. */
  readonly bracketSize: number;
  /** Of every bracket, the shortest first; empty where trials train to their ends. */
  readonly rungs: readonly RungRecord[];
  /** What was chosen from, in the order of the options. */
  readonly space: readonly DimensionRecord[];
  /** In the order in which they were drawn. */
  readonly trials: readonly TrialRecord[];
  /**
   * Arguments of `train` for the best trial so far: without options that have no effect there, and with the flags that its
   * preset must not have. Absent if no trial has a score, and from earlier versions.
   */
  readonly bestArguments?: readonly string[];
}

export interface RungRecord {
  readonly epochs: number;
  /** How many trials of a bracket get there. */
  readonly trials: number;
}

export interface DimensionRecord {
  /** Such as "learning-rate". */
  readonly option: string;
  readonly kind: (typeof DIMENSION_KINDS)[number];
  /** The choices, or the two bounds of a range, or the one fixed value. */
  readonly values: readonly ConfigValue[];
}

export interface TrialRecord {
  /** Counted from 1, in the order in which they were drawn. */
  readonly trial: number;
  /** The name of its run, which is there once it has begun, unless something else has that name. */
  readonly run: string;
  readonly status: TrialStatus;
  /** Whether its run has been started. A folder of its name is its own only if the log there has its `TrialMark`. */
  readonly begun: boolean;
  /** Options that it was trained with, by their names on the command line. */
  readonly options: Readonly<Record<string, ConfigValue>>;
  /** Epochs that are done; the two metrics are of the last one. */
  readonly epochs: number;
  readonly validationLoss: Measured;
  readonly validationAccuracy: Measured;
  /** The metric at the rungs that it has reached; null at the one on the way to which it failed. */
  readonly scores: readonly Measured[];
  /** One line on what went wrong; absent where nothing did. */
  readonly error?: string;
}
