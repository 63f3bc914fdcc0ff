/**
 * What the server tells its pages and islands, as JSON. The server makes it of the files below runs/; islands show it and
 * read no file themselves.
 */
import type { LogProblem } from "../../lib/run_log/run/reader.ts";
import type {
  ConfigValue,
  EndRecord,
  EpochRecord,
  FallbackRecord,
  MetricRecord,
  MetricValues,
  ResumeRecord,
  RunRecord,
  RunStatus,
} from "../../lib/run_log/run/records.ts";
import type { Results } from "./results.ts";
import type { SearchStatus, Strategy } from "../../lib/run_log/search/search.ts";

/**
 * How a run stands: how it ended; or "running"; "stalled" where it has no `end` and has not written for a while; or
 * "unreadable" where its log has no usable `run` record.
 */
export type RunState = RunStatus | "running" | "stalled" | "unreadable";

/** A run in the list. Null is what the log does not (yet) say. */
export interface RunSummary {
  /** The name of its folder, which is its identity. */
  readonly name: string;
  readonly state: RunState;
  readonly startedAt: string | null;
  readonly preset: string | null;
  readonly backend: string | null;
  readonly threads: number | null;
  readonly adapter: string | null;
  /** Options whose value is another than their default; those without an effect are left out. */
  readonly options: Readonly<Record<string, ConfigValue>>;
  /** Epochs that are done, and that were asked for. */
  readonly epochs: number;
  readonly epochsAsked: number | null;
  /** Of the last epoch. */
  readonly trainLoss: number | null;
  /** What the numbers below are of: see results.ts. */
  readonly measured: Pick<Results, "epoch" | "isSaved">;
  /** Metrics by name, the loss among them. */
  readonly validation: MetricValues;
  readonly test: MetricValues;
  /** Of another task than classification: its metrics but for the loss. */
  readonly metrics?: readonly MetricRecord[];
  /** Why its network has learned nothing; absent where it has. */
  readonly useless?: string;
  readonly samplesPerSecond: number | null;
  readonly durationMs: number | null;
  /** Validation losses, at most 40 of them, evenly chosen, of four digits; null is a gap. */
  readonly sparkline: readonly (number | null)[];
  /** Lines of the log that could not be used. */
  readonly problems: number;
}

/**
 * The most epochs that a page, a restart or one `records` event carries as records, 0.3 MB of JSON. A run that has more
 * is recognized by `epochs[0].epoch` being above 1, or by `epochCount` being more than `epochs.length`.
 */
export const MAX_EPOCHS_IN_PAGE = 1000;

/** What a run's log holds. */
export interface RunDetail {
  readonly name: string;
  readonly state: RunState;
  readonly run: RunRecord | null;
  /** Options in its record that have no effect beside the others. */
  readonly idle?: readonly string[];
  /** Options whose value is another than the preset's. */
  readonly changed?: readonly string[];
  /** All of them, or the last `MAX_EPOCHS_IN_PAGE`; anyone who draws then asks `/api/runs/NAME/curves` for all (curves.ts). */
  readonly epochs: readonly EpochRecord[];
  /** How many epochs the log has. */
  readonly epochCount?: number;
  readonly fallbacks: readonly FallbackRecord[];
  /** When other processes continued with it: the last hundred. */
  readonly resumes: readonly ResumeRecord[];
  readonly end: EndRecord | null;
  /** The first hundred. */
  readonly problems: readonly LogProblem[];
  /** Bytes of the log that this is made of; where the live stream continues. */
  readonly offset: number;
}

/** Whether a page has only the last of a run's epochs. */
export function isPartial({ epochs, epochCount = 0 }: RunDetail): boolean {
  return epochCount > epochs.length;
}

/** One line of the list of searches. */
export interface SearchSummary {
  readonly name: string;
  readonly status: SearchStatus;
  readonly startedAt: string;
  readonly strategy: Strategy;
  readonly measure: MetricRecord;
  readonly totalMs: number | null;
  /** How many there are so far. */
  readonly trials: number;
  /** Null where none has learned anything. */
  readonly best: {
    readonly run: string;
    readonly value: number | null;
    readonly epochs: number;
  } | null;
}

/** Runs that belong together. */
export interface RunGroup {
  readonly kind: "search" | "seeds" | "folds";
  /** Of its folder. */
  readonly name: string;
}

/** Which runs do. */
export interface Groups {
  readonly groups: readonly RunGroup[];
  /** By the name of a run: its group's place among those. */
  readonly of: Readonly<Record<string, number>>;
  /** Trials that better ones continued in place of: their runs end as interrupted. */
  readonly dropped: readonly string[];
}

/** Runs that one page may show, and one event stream follow. */
export const MAX_FOLLOWED = 12;

/**
 * Events of `GET /api/events?runs=a@120,b@64` (server-sent): runs to follow, each from the byte that `RunDetail.offset`
 * names; a run without its `@offset` is sent whole first, as a `restart`. Without `runs` only summaries come. Build the
 * address with `liveAddress` of positions.ts, which also takes names with commas. Each event's id says how far every log
 * has been read, so that `Last-Event-ID` resumes without a loss; the browser sends it by itself, and `from` in the address
 * does the same. The answer is 204 where
 * none of the runs exists.
 */
export type LiveEvent =
  /** A run that is new or has changed; the list replaces its line. */
  | { readonly type: "summary"; readonly summary: RunSummary }
  /** A run's folder is gone. */
  | { readonly type: "removed"; readonly name: string }
  /** What was appended to the log of a run that was asked for. */
  | {
    readonly type: "records";
    readonly name: string;
    readonly state: RunState;
    readonly epochs: readonly EpochRecord[];
    readonly fallbacks: readonly FallbackRecord[];
    readonly end: EndRecord | null;
    readonly problems: readonly LogProblem[];
  }
  /** The log was truncated or replaced, or another process continues with the run: forget what was read, and take this. */
  | { readonly type: "restart"; readonly detail: RunDetail };
