/** Where a search stands, and what is to be trained next. No input or output. */
import { measureOf, metricOf } from "../run_log/search/measure.ts";
import type { Search, TrialRecord, TrialStatus } from "../run_log/search/search.ts";
import type { TrialDraws } from "./draws.ts";
import { type Rung, rungsOf, type Scores, standingOf, type Step, stepsOf } from "./halving.ts";

/** What of a search does not change while it continues. */
export interface SearchPlan extends Pick<Search, "metric" | "measure"> {
  readonly name: string;
  /** Null: as many as there is time for, bracket by bracket. */
  readonly trialsAsked: number | null;
  readonly bracketSize: number;
  /** Of every trial, where trials are halved; null where each trains to its end. */
  readonly epochs: number | null;
}

/** How far a run is, and what validated its last epoch. */
export type Standing = Pick<
  TrialRecord,
  "epochs" | "validationLoss" | "validationAccuracy" | "validation" | "host"
>;

/** What a run has come to. */
export interface TrialResult extends Standing, Pick<TrialRecord, "error"> {
  /** "cut": it was told to stop before it got there; it may continue. */
  readonly outcome: "reached" | "diverged" | "failed" | "cut";
}

/** One step of a trial. */
export interface TrialStep {
  readonly trial: TrialRecord;
  /** The epoch to end after; null: the run's own last one. */
  readonly until: number | null;
}

const END: readonly Rung[] = [{ epochs: Infinity, trials: Infinity }];

export class SearchProgress {
  #trials: TrialRecord[] = [];

  constructor(
    readonly plan: SearchPlan,
    readonly draws: TrialDraws,
    readonly mostTrials: number,
    /** What a search that continues has come to. */
    earlier: readonly TrialRecord[] = [],
  ) {
    const { trialsAsked } = plan;
    if (trialsAsked !== null) this.#draw(trialsAsked);
    else while (this.#trials.length < earlier.length && this.#draw(plan.bracketSize));
    this.#trials = this.#trials.map((trial, i) => ({
      ...trial,
      ...earlier[i],
      // Whatever was under way is to be begun or gone on with.
      status: earlier[i]?.status === "running" ? "waiting" : earlier[i]?.status ?? "waiting",
    }));
  }

  /** In the order in which they were drawn. */
  get trials(): readonly TrialRecord[] {
    return this.#trials;
  }

  /** Another step that can be done now; null where there is none until one that is under way is done. */
  next(): TrialStep | null {
    for (let first = 0;; first += this.plan.bracketSize) {
      if (first >= this.#trials.length && !this.#drawBracket()) return null;
      const bracket = this.#bracket(first);
      const rungs = this.#rungs(bracket.length);
      const step = stepsOf(rungs, this.#scores(bracket))
        .find(({ trial }) => bracket[trial].status !== "running");
      if (step) return { trial: bracket[step.trial], until: untilOf(rungs, step) };
    }
  }

  /** @param trial counted from 1 */
  begin(trial: number): TrialRecord {
    return this.#set(trial, { status: "running", begun: true });
  }

  /** How far a run under way is. */
  advance(trial: number, standing: Standing) {
    this.#set(trial, standing);
  }

  end(trial: number, { outcome, ...result }: TrialResult): TrialRecord {
    const { scores } = this.#trials[trial - 1];
    if (outcome === "cut") return this.#set(trial, { ...result, status: "waiting" });
    const score = outcome === "reached" ? metricOf(result, this.plan) : null;
    const error = score === null
      ? { error: result.error ?? `its ${this.plan.metric} is no finite number` }
      : {};
    const status = score !== null ? "waiting" : outcome === "reached" ? "failed" : outcome;
    this.#set(trial, { ...result, ...error, scores: [...scores, score], status });
    this.#settle(trial);
    return this.#trials[trial - 1];
  }

  /** Whose turn is over follows from the scores of its whole bracket. */
  #settle(trial: number): void {
    const first = Math.floor((trial - 1) / this.plan.bracketSize) * this.plan.bracketSize;
    const bracket = this.#bracket(first);
    const rungs = this.#rungs(bracket.length);
    const scores = this.#scores(bracket);
    bracket.forEach(({ status, trial }, i) => {
      if (status !== "waiting") return;
      const standing = standingOf(i, rungs, scores);
      const statuses = { waiting: "waiting", dropped: "dropped", done: "completed" } as const;
      this.#set(trial, { status: statuses[standing] satisfies TrialStatus });
    });
  }

  #set(trial: number, fields: Partial<TrialRecord>): TrialRecord {
    return this.#trials[trial - 1] = { ...this.#trials[trial - 1], ...fields };
  }

  #bracket(first: number): TrialRecord[] {
    return this.#trials.slice(first, first + this.plan.bracketSize);
  }

  #rungs(trials: number): readonly Rung[] {
    return this.plan.epochs === null ? END : rungsOf(trials, this.plan.epochs);
  }

  /** The less the better. */
  #scores(trials: readonly TrialRecord[]): Scores[] {
    const sign = measureOf(this.plan).higherIsBetter ? -1 : 1;
    return trials.map(({ scores }) => scores.map((score) => score === null ? null : sign * score));
  }

  /** Another bracket, where there are no more than so many trials asked for. */
  #drawBracket(): boolean {
    return this.plan.trialsAsked === null && this.#draw(this.plan.bracketSize);
  }

  /** @returns whether there were any more trials */
  #draw(count: number): boolean {
    const before = this.#trials.length;
    const until = Math.min(this.mostTrials, before + count);
    while (this.#trials.length < until) {
      const options = this.draws.next();
      if (!options) break;
      const trial = this.#trials.length + 1;
      this.#trials.push({
        trial,
        run: trialName(this.plan.name, trial),
        status: "waiting",
        begun: false,
        options,
        epochs: 0,
        validationLoss: null,
        validationAccuracy: null,
        scores: [],
      });
    }
    return this.#trials.length > before;
  }
}

/** What the run of a search's trial is called. */
export function trialName(search: string, trial: number): string {
  return `${search}-${String(trial).padStart(3, "0")}`;
}

function untilOf(rungs: readonly Rung[], { rung }: Step): number | null {
  return rung === rungs.length - 1 ? null : rungs[rung].epochs;
}
