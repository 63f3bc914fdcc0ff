/** Gathers what a run's line in the list needs from the records of its log, and keeps nothing else. */

import type { RunLog } from "../../lib/run_log/run/reader.ts";
import type {
  ConfigValue,
  EndRecord,
  EpochRecord,
  RunRecord,
} from "../../lib/run_log/run/records.ts";
import { utcTime } from "../shared/format.ts";
import type { RunState, RunSummary } from "../shared/types.ts";
import { stateOf } from "./run_state.ts";

const SPARKLINE_POINTS = 60;

/** The longest text of a summary. */
const MAX_TEXT = 200;

export class SummaryFacts {
  #run:
    | Pick<RunSummary, "startedAt" | "preset" | "backend" | "threads" | "adapter" | "epochsAsked">
    | null = null;
  #last: EpochRecord | null = null;
  #end: Pick<EndRecord, "status" | "testAccuracy" | "totalMs"> | null = null;
  #problems = 0;
  /** Validation losses of one of every `#stride` epochs, at most twice as many as are shown. */
  #losses: (number | null)[] = [];
  #stride = 1;
  #seen = 0;

  add({ run, epochs, resumes, end, problems }: RunLog): void {
    if (run) this.#run = runFacts(run);
    for (const { validationLoss } of epochs) {
      if (this.#seen++ % this.#stride !== 0) continue;
      this.#losses.push(validationLoss);
      if (this.#losses.length < 2 * SPARKLINE_POINTS) continue;
      this.#losses = this.#losses.filter((_, i) => i % 2 === 0);
      this.#stride *= 2;
    }
    this.#last = epochs.at(-1) ?? this.#last;
    if (resumes.length > 0) this.#end = null;
    if (end) {
      const { status, testAccuracy, totalMs } = end;
      this.#end = { status, testAccuracy, totalMs };
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
    return {
      ...unreadableSummary(name, this.#problems),
      state,
      ...this.#run,
      epochs: last?.epoch ?? 0,
      trainLoss: last?.trainLoss ?? null,
      validationLoss: last?.validationLoss ?? null,
      validationAccuracy: last?.validationAccuracy ?? null,
      testAccuracy: this.#end?.testAccuracy ?? null,
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
    epochs: 0,
    epochsAsked: null,
    trainLoss: null,
    validationLoss: null,
    validationAccuracy: null,
    testAccuracy: null,
    samplesPerSecond: null,
    durationMs: null,
    sparkline: [],
    problems,
  };
}

function runFacts({ startedAt, config, environment }: RunRecord) {
  return {
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
