/** Gathers what a run's line in the list needs from the records of its log, and keeps nothing else. */

import type { RunLog } from "../../lib/run_log/run/reader.ts";
import type {
  ConfigValue,
  EndRecord,
  EpochRecord,
  MetricValues,
  RunRecord,
} from "../../lib/run_log/run/records.ts";
import { type End, resultsOf, whyUseless } from "../shared/results.ts";
import { utcTime } from "../shared/format.ts";
import type { RunState, RunSummary } from "../shared/types.ts";
import { listedOptions } from "./listed_options.ts";
import { stateOf } from "./run_state.ts";

const SPARKLINE_POINTS = 40;

/** The longest text of a summary. */
const MAX_TEXT = 200;

/** Of a run, in the list. */
const MOST_METRICS = 12;

export class SummaryFacts {
  #run:
    | Pick<
      RunSummary,
      | "startedAt"
      | "preset"
      | "backend"
      | "threads"
      | "adapter"
      | "epochsAsked"
      | "metrics"
      | "options"
    >
    | null = null;
  /** What results are made with. */
  #record: Pick<RunRecord, "config" | "task" | "layers" | "metrics"> | null = null;
  #last: EpochRecord | null = null;
  #end: End & Pick<EndRecord, "totalMs"> | null = null;
  /** Why its network has learned nothing: found when it ends, when the confusion matrix is at hand. */
  #useless: string | null = null;
  #problems = 0;
  /** Validation losses of one of every `#stride` epochs, at most twice as many as are shown. */
  #losses: (number | null)[] = [];
  #stride = 1;
  #seen = 0;

  add({ run, epochs, resumes, end, problems }: RunLog): void {
    if (run) {
      this.#run = runFacts(run);
      const { config: { restoreBest = null }, task, layers, metrics } = run;
      this.#record = { config: { restoreBest }, task, layers: layers?.slice(-1), metrics };
    }
    for (const { validationLoss } of epochs) {
      if (this.#seen++ % this.#stride !== 0) continue;
      this.#losses.push(validationLoss === null ? null : Number(validationLoss.toPrecision(4)));
      if (this.#losses.length < 2 * SPARKLINE_POINTS) continue;
      this.#losses = this.#losses.filter((_, i) => i % 2 === 0);
      this.#stride *= 2;
    }
    this.#last = epochs.at(-1) ?? this.#last;
    if (resumes.length > 0) this.#end = null;
    if (end) {
      const { status, totalMs, bestEpoch, validation, test } = end;
      const { validationLoss, validationAccuracy, testLoss, testAccuracy } = end;
      const first = { validationLoss, validationAccuracy, testLoss, testAccuracy };
      this.#end = { status, totalMs, bestEpoch, validation, test, ...first };
      this.#useless = whyUseless(this.#record, end, resultsOf(this.#record, end, this.#last));
    }
    this.#problems += problems.length;
  }

  /**
   * @param modifiedAt when the log was written to, and `now`: milliseconds since 1970
   */
  summary(name: string, modifiedAt: number, now: number): RunSummary {
    const last = this.#last;
    const epochMs = last?.epochMs ?? null;
    const state = stateOf({ hasRun: this.#run !== null, end: this.#end, epochMs, modifiedAt }, now);
    const { epoch, isSaved, validation, test } = resultsOf(this.#record, this.#end, last);
    const names = this.#record?.metrics?.slice(0, MOST_METRICS).map(({ name }) => name) ??
      ["loss", "accuracy"];
    return {
      ...unreadableSummary(name, this.#problems),
      state,
      ...this.#run,
      epochs: last?.epoch ?? 0,
      trainLoss: last?.trainLoss ?? null,
      measured: { epoch, isSaved },
      validation: pick(validation, names),
      test: pick(test, names),
      ...(this.#end && this.#useless ? { useless: this.#useless } : {}),
      samplesPerSecond: last?.samplesPerSecond ?? null,
      durationMs: this.#end?.totalMs ?? last?.elapsedMs ?? null,
      sparkline: evenly(this.#losses, SPARKLINE_POINTS),
    };
  }
}

/** The line of a run whose log says nothing. */
export function unreadableSummary(name: string, problems = 1): RunSummary {
  return {
    name,
    state: "unreadable" satisfies RunState,
    startedAt: null,
    preset: null,
    backend: null,
    threads: null,
    adapter: null,
    options: {},
    epochs: 0,
    epochsAsked: null,
    trainLoss: null,
    measured: { epoch: null, isSaved: false },
    validation: {},
    test: {},
    samplesPerSecond: null,
    durationMs: null,
    sparkline: [],
    problems,
  };
}

/** What a stranger's record says has any names; no summary has more than the run's own metrics. */
function pick(values: MetricValues, names: readonly string[]): MetricValues {
  return Object.fromEntries(
    names.flatMap((name) => Object.hasOwn(values, name) ? [[name, values[name]]] : []),
  );
}

function runFacts({ startedAt, config, environment, task, metrics }: RunRecord) {
  const others = metrics?.filter(({ name, label, unit }) =>
    name !== "loss" && [name, label, unit].every(({ length }) => length <= MAX_TEXT)
  ).slice(0, MOST_METRICS);
  return {
    ...(others && task !== "classification" ? { metrics: others } : {}),
    options: listedOptions(config),
    startedAt: utcTime(startedAt.slice(0, MAX_TEXT)),
    preset: shortText(config.preset),
    backend: environment.backend.slice(0, MAX_TEXT),
    threads: environment.threads,
    adapter: shortText(environment.adapter),
    epochsAsked: typeof config.epochs === "number" ? config.epochs : null,
  };
}

function shortText(value: ConfigValue | undefined): string | null {
  return typeof value === "string" ? value.slice(0, MAX_TEXT) : null;
}

/** At most `count` of the values, the first and the last among them. */
function evenly<T>(values: readonly T[], count: number): T[] {
  if (values.length <= count) return [...values];
  const step = (values.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => values[Math.round(i * step)]);
}
