/** Trains the trials of a search, several at once, until there is none left or it is told to stop. */
import type { SearchStatus, TrialRecord } from "../../run_log/search/search.ts";
import type { SearchProgress, Standing, TrialResult, TrialStep } from "../../search/progress.ts";
import type { TrialSettings } from "./trial_process.ts";

/** setTimeout takes no longer time. */
const LONGEST_MS = 2 ** 31 - 1;

export interface TrialsSettings {
  /** By which the search knows the runs of its trials again; undefined where an earlier version began it. */
  readonly id: string | undefined;
  readonly workers: number;
  /** Trains a trial until its rung, whatever happens on the way. */
  readonly train: (
    step: TrialStep,
    settings: Pick<TrialSettings, "mark" | "signal"> & {
      /** Is told of every epoch. */
      readonly onEpoch: (standing: Standing) => void;
    },
  ) => Promise<TrialResult>;
  readonly signal: AbortSignal;
  /** Null: as long as it takes. */
  readonly timeMs: number | null;
  /** Saves where the search stands. */
  readonly onChange: () => Promise<void>;
  /** Is told whenever a trial has trained an epoch. */
  readonly onEpoch: () => void;
  /** Is told of every trial that has come to the end of a rung, or to its own. */
  readonly onTrial: (trial: TrialRecord) => void;
}

/**
 * @returns how it ended
 * @throws {WeftError} where its state cannot be saved; the trials have been told to stop then
 */
export async function runTrials(
  progress: SearchProgress,
  settings: TrialsSettings,
): Promise<Extract<SearchStatus, "completed" | "interrupted" | "out-of-time">> {
  const { workers, timeMs, signal: interrupted } = settings;
  const [timeout, failure] = [new AbortController(), new AbortController()];
  const timer = timeMs === null
    ? undefined
    : setTimeout(() => timeout.abort(), Math.min(timeMs, LONGEST_MS));
  const signal = AbortSignal.any([interrupted, timeout.signal, failure.signal]);
  // One after the other, so that the file never goes back in time.
  let saved = Promise.resolve();
  const save = () => saved = saved.then(settings.onChange);

  const train = async (step: TrialStep): Promise<void> => {
    const { trial } = step.trial;
    await save();
    const result = await settings.train(step, {
      mark: settings.id === undefined ? null : { search: settings.id, trial },
      signal,
      onEpoch: (standing) => {
        progress.advance(trial, standing);
        settings.onEpoch();
      },
    });
    const record = progress.end(trial, result);
    await save();
    if (result.outcome !== "cut") settings.onTrial(record);
  };

  const underWay = new Set<Promise<void>>();
  try {
    while (true) {
      while (!signal.aborted && underWay.size < workers) {
        const step = progress.next();
        if (!step) break;
        progress.begin(step.trial.trial);
        const task: Promise<void> = train(step).finally(() => underWay.delete(task));
        underWay.add(task);
      }
      if (underWay.size === 0) break;
      await Promise.race(underWay);
    }
  } finally {
    clearTimeout(timer);
    failure.abort();
    await Promise.allSettled(underWay);
  }
  if (interrupted.aborted) return "interrupted";
  return timeout.signal.aborted && progress.next() ? "out-of-time" : "completed";
}
