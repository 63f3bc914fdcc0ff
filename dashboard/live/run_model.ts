/** One run in a page, as the live stream changes it. */

import type { LiveEvent, RunDetail, RunState } from "../shared/types.ts";
import type {
  EndRecord,
  EpochRecord,
  FallbackRecord,
  ResumeRecord,
  RunRecord,
} from "../../lib/run_log/run/records.ts";
import type { LogProblem } from "../../lib/run_log/run/reader.ts";
import { columnsOf, type CurveColumn, type Curves } from "../shared/curves.ts";
import { metricsOf } from "../shared/metrics.ts";
import { type Results, resultsOf } from "../shared/results.ts";
import { CurveStore } from "./curve_store.ts";

/** The most problems that a page lists. */
const MAX_PROBLEMS = 100;

export class RunModel {
  readonly name: string;
  state: RunState;
  run: RunRecord | null;
  /** Options that have no effect beside the others. */
  idle: readonly string[];
  /** Options whose value is another than the preset's. */
  changed: readonly string[];
  fallbacks: readonly FallbackRecord[];
  resumes: readonly ResumeRecord[];
  end: EndRecord | null;
  problems: readonly LogProblem[];
  /** Its folder is gone. */
  removed = false;
  /** Rises with every change. */
  version = 0;
  curves: CurveStore;
  /** Epochs that the log had before those that came with the page: they are still to be fetched. */
  missing: number;
  /** Epochs whose phases are known: the last ones. */
  timedEpochs = 0;
  #phases = new Map<string, number>();

  constructor(detail: RunDetail) {
    this.name = detail.name;
    this.state = detail.state;
    this.run = detail.run;
    this.idle = detail.idle ?? [];
    this.changed = detail.changed ?? [];
    this.fallbacks = detail.fallbacks;
    this.resumes = detail.resumes;
    this.end = detail.end;
    this.problems = detail.problems;
    this.curves = new CurveStore(detail.epochs, columnsOf(detail.run));
    this.missing = (detail.epochCount ?? 0) - detail.epochs.length;
    this.#addPhases(detail.epochs);
  }

  /** Milliseconds of each phase, of all epochs that came as records. */
  get phases(): readonly (readonly [name: string, ms: number])[] {
    return [...this.#phases];
  }

  /** Options that have an effect. */
  get options(): RunRecord["config"] {
    const entries = Object.entries(this.run?.config ?? {});
    return Object.fromEntries(entries.filter(([name]) => !this.idle.includes(name)));
  }

  /** What it came to, or has come to so far. */
  get results(): Results {
    const { curves, run, end } = this;
    const last = (column: CurveColumn) => curves.column(column).at(-1) ?? null;
    const named = metricsOf(run).map(({ name }) => [name, last(`validation.${name}`)] as const)
      .filter(([, value]) => Number.isFinite(value));
    return resultsOf(
      run,
      end,
      curves.length === 0 ? null : {
        epoch: curves.lastEpoch,
        validationLoss: last("validationLoss"),
        validationAccuracy: last("validationAccuracy"),
        validation: Object.fromEntries(named),
      },
    );
  }

  /** @returns Whether it was of this run and changed something. */
  update(event: LiveEvent): boolean {
    switch (event.type) {
      case "summary":
        if (event.summary.name !== this.name || event.summary.state === this.state) return false;
        this.state = event.summary.state;
        break;
      case "removed":
        if (event.name !== this.name) return false;
        this.removed = true;
        break;
      case "records":
        if (event.name !== this.name || this.#isKnown(event)) return false;
        this.state = event.state;
        this.curves.append(event.epochs);
        this.#addPhases(event.epochs);
        this.fallbacks = [...this.fallbacks, ...event.fallbacks];
        this.end = event.end ?? this.end;
        this.problems = [...this.problems, ...event.problems].slice(0, MAX_PROBLEMS);
        break;
      case "restart":
        if (event.detail.name !== this.name) return false;
        this.#restart(event.detail);
        break;
      default:
        return false; // A kind of event that a later server has added.
    }
    this.version++;
    return true;
  }

  /** Takes the whole run's curves. */
  backfill(curves: Curves): void {
    this.curves.backfill(curves);
    this.missing = 0;
    this.version++;
  }

  /** The first event of a stream says only that there is nothing new. */
  #isKnown({ state, epochs, fallbacks, end, problems }: LiveEvent & { type: "records" }): boolean {
    return state === this.state && end === null && epochs.length === 0 &&
      fallbacks.length === 0 && problems.length === 0;
  }

  #restart(detail: RunDetail): void {
    const version = this.version;
    Object.assign(this, new RunModel(detail));
    this.version = version;
    this.timedEpochs = 0;
    this.#phases = new Map();
    this.#addPhases(detail.epochs);
  }

  #addPhases(epochs: readonly EpochRecord[]): void {
    this.timedEpochs += epochs.length;
    for (const { phasesMs } of epochs) {
      for (const [name, ms] of Object.entries(phasesMs ?? {})) {
        if (Number.isFinite(ms)) this.#phases.set(name, (this.#phases.get(name) ?? 0) + ms);
      }
    }
  }
}
