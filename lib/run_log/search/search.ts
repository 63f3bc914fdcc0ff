/**
 * What `runs/NAME/search.json` holds: one JSON object, a `Search`, written anew whenever a trial begins or ends. Each trial
 * is a run of its own, `runs/NAME-001/` and so on. Times are in milliseconds, losses are in nats; what was
 * not measured, or is not finite, is `null`.
 *
 * Glossary: trial, one configuration out of the space; rung, a number of epochs at which trials are compared; bracket,
 * trials that are compared with one another.
 */

import * as v from "valibot";
import {
  amount,
  checksums,
  type ConfigValue,
  count,
  entriesOf,
  exactly,
  fields,
  isConfigValue,
  items,
  MAX_TEXT,
  measured,
  mustBe,
  oneOf,
  type Read,
  shortText,
  truth,
} from "../shared/fields.ts";
import { metricRecord, metricValues } from "../run/metrics.ts";
import { FIRST_METRICS } from "./measure.ts";
import { type FileOf, readFileOf, upToLength, upToVersion } from "../shared/json_file.ts";

/**
 * The version of this format. Version 2 adds `measure` and what validated each trial by name; searches of version 1 have
 * neither, and are compared by the validation loss or the validation accuracy.
 */
export const SEARCH_SCHEMA = 2;

/** The longest file that is read, in UTF-16 units: 10,000 trials of a dozen options have a third of it. */
export const MAX_SEARCH_LENGTH = 16 * 1024 * 1024;

/** As many trials as a search may have. */
export const MAX_TRIALS = 10_000;

/**
 * "running": or it was killed; "interrupted": by Ctrl-C; "out-of-time": its time is over; "failed": none of its trials came
 * to anything.
 */
const SEARCH_STATUSES = ["running", "completed", "interrupted", "out-of-time", "failed"] as const;
export type SearchStatus = (typeof SEARCH_STATUSES)[number];

export const STRATEGIES = ["halving", "random"] as const;
export type Strategy = (typeof STRATEGIES)[number];

const DIMENSION_KINDS = [
  "fixed",
  "choice",
  "uniform",
  "log-uniform",
  "integer",
  "log-integer",
] as const;

/** "waiting": for its turn or for the others of its rung; "dropped": better ones continued in its place. */
const TRIAL_STATUSES = [
  "waiting",
  "running",
  "dropped",
  "completed",
  "diverged",
  "failed",
] as const;
export type TrialStatus = (typeof TRIAL_STATUSES)[number];

/** A random UUID. */
export const SEARCH_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const rung = fields({
  epochs: count,
  /** How many trials of a bracket get there. */
  trials: count,
});

const dimension = v.pipe(
  fields({
    /** Such as "learning-rate". */
    option: shortText,
    kind: oneOf(DIMENSION_KINDS),
    /** The choices, or the two bounds of a range, or the one fixed value. */
    values: items(v.custom<ConfigValue>(isShortValue, mustBe("the value of an option"))),
  }),
  v.forward(
    v.partialCheck(
      [["kind"], ["values"]],
      ({ kind, values }) => hasItsValues(kind, values),
      ({ input: { kind } }) =>
        `are not ${kind === "fixed" ? "one value" : "bounds"}, which ${kind} needs`,
    ),
    ["values"],
  ),
);
export type DimensionRecord = Read<typeof dimension>;

export const trialRecord = fields({
  /** Counted from 1, in the order in which they were drawn. */
  trial: count,
  /** The name of its run, which is there once it has begun, unless something else has that name. */
  run: shortText,
  status: oneOf(TRIAL_STATUSES),
  /** Whether its run has been started. A folder of its name is its own only if the log there has its `TrialMark`. */
  begun: truth,
  /** Options that it was trained with, by their names on the command line. */
  options: entriesOf(isShortValue),
  /** Epochs that are done; metrics are of the last one, null where its task has no such metric. */
  epochs: count,
  validationLoss: amount,
  validationAccuracy: amount,
  /** The task's metrics by name, but for the loss; absent in version 1, and before the first epoch. */
  validation: v.optional(metricValues),
  /** The machine that trained it last; absent where that is the search's own. */
  host: v.optional(shortText),
  /** The metric at the rungs that it has reached; null at the one on the way to which it failed. */
  scores: items(measured),
  /** One line on what went wrong; absent where nothing did. */
  error: v.optional(shortText),
});
export type TrialRecord = Read<typeof trialRecord>;

/** Null also below zero, which a clock that was set back has led earlier versions to write. */
const elapsed = v.pipe(measured, v.transform((ms) => ms !== null && ms < 0 ? null : ms));

const searchFields = fields({
  type: exactly("search"),
  schema: count,
  status: oneOf(SEARCH_STATUSES),
  /**
   * A random UUID, by which the search knows the runs of its trials again; absent in searches of versions that did not
   * write it.
   */
  id: v.optional(v.pipe(shortText, v.regex(SEARCH_ID, mustBe("a UUID")))),
  /** The name of the folder. */
  name: shortText,
  /** ISO 8601, UTC. */
  startedAt: shortText,
  /** Of all processes that worked at it together. */
  totalMs: elapsed,
  strategy: oneOf(STRATEGIES),
  /** What trials are compared by, after the epoch that a rung ends with, as it was asked for. */
  metric: shortText,
  /** What that is; absent in version 1. */
  measure: v.optional(metricRecord),
  /** Draws the trials. */
  seed: count,
  /** Null: as many as there is time for. */
  trialsAsked: v.nullable(count),
  /** How long it may take; null: as long as it takes. */
  timeMs: amount,
  /** Trials that are trained at once. */
  workers: count,
  /** The folder of the data; null where it was found otherwise. */
  dataDir: v.nullable(shortText),
  /** Arguments of `train` that name a table and say what it is; absent where images are trained on. */
  data: v.optional(items(shortText)),
  dataset: fields({ name: shortText, sha256: checksums }),
  /** Trials of one bracket. */
  bracketSize: count,
  /** Of every bracket, the shortest first; empty where trials train to their ends. */
  rungs: items(rung),
  /** What was chosen from, in the order of the options. */
  space: items(dimension),
  /** In the order in which they were drawn. */
  trials: items(trialRecord, MAX_TRIALS),
  /**
   * Arguments of `train` for the best trial so far: without options that have no effect there, and with the flags that its
   * preset must not have. Absent if no trial has a score, and from earlier versions.
   */
  bestArguments: v.optional(items(shortText)),
});
const search = v.pipe(
  searchFields,
  v.forward(
    v.partialCheck(
      [["metric"], ["measure"]],
      ({ metric, measure }) => measure !== undefined || FIRST_METRICS.has(metric),
      ({ input: { metric } }) =>
        `must be one of ${[...FIRST_METRICS.keys()].join(", ")}, and is ${JSON.stringify(metric)}`,
    ),
    ["metric"],
  ),
);
export type Search = Read<typeof search>;

export type SearchFile = FileOf<"search", Search>;

/**
 * @param file its bytes or its text
 *
 * @example
 * ```ts
 * import { readSearch } from "./search.ts";
 *
 * const { search, problem } = readSearch("{}");
 * if (!search) console.log(problem); // type must be "search", and is missing
 * ```
 */
export function readSearch(file: string | Uint8Array): SearchFile {
  return readFileOf(
    {
      type: "search",
      schema: search,
      checkVersion: upToVersion(SEARCH_SCHEMA),
      checkLength: upToLength(MAX_SEARCH_LENGTH),
    },
    file,
  );
}

function isShortValue(value: unknown): value is ConfigValue {
  return isConfigValue(value) && JSON.stringify(value).length <= MAX_TEXT;
}

/** One fixed value, any choices, or two numbers whose distance is one too. */
function hasItsValues(kind: string, values: readonly ConfigValue[]): boolean {
  if (kind === "choice") return true;
  if (kind === "fixed") return values.length === 1;
  const [least, greatest, ...more] = values;
  return typeof least === "number" && typeof greatest === "number" && more.length === 0 &&
    least < greatest && Number.isFinite(greatest - least);
}
