/** `train`: one run, several, or one that continues. */
import { requestedConfig } from "../../config/resolve.ts";
import { UsageError } from "../../errors.ts";
import { printable } from "../../report/display_width.ts";
import { requireFreeRunName } from "../../run_log/run/run_folder.ts";
import { isTrial } from "../../run_log/search/trial_folder.ts";
import type { EndEvent } from "../../train/events.ts";
import { printAdapters } from "../choose_backend.ts";
import { INTERRUPTED } from "../interruption.ts";
import type { TrainCommandOptions } from "../options/train.ts";
import { print, printErrorLine } from "../output.ts";
import { computingOf, foldOf, openRun, plannedFor, type ResumableRun } from "./resumable_run.ts";
import { divergence } from "./run_recorder.ts";
import { trainReport } from "./report.ts";
import { openTrainingResources, type RunPlan, type TrainedRun, trainRun } from "./run.ts";
import { trialEnd } from "../search/trial_end.ts";
import { runsArgument, runsFolder } from "../places.ts";
import { requireLeaveForRuns } from "../task_line.ts";

/** @returns the exit code: 0 completed, 1 diverged, 130 interrupted */
export async function trainCommand(options: TrainCommandOptions): Promise<number> {
  if (options.adapter === "list") return await printAdapters(options);
  requireLeaveForRuns(options.resume ?? options.run);
  if (options.resume !== undefined) return await goOn(options, options.resume);
  const startedAt = new Date();
  const { preset = "baseline" } = options;
  const config = requestedConfig(options, preset);
  if (options.seeds !== undefined || options.folds !== undefined) {
    const { trainSeries } = await import("./series.ts");
    return await trainSeries(options, preset, config);
  }
  return await trainOne(freshPlan(options, startedAt));
}

/** A run that begins. */
export function freshPlan(options: TrainCommandOptions, startedAt = new Date()): RunPlan {
  const { preset = "baseline", run } = options;
  const config = requestedConfig(options, preset);
  if (run !== undefined) requireFreeRunName(runsFolder(), run);
  return { name: run ?? { preset, startedAt }, preset, config, fold: null, options };
}

async function goOn(options: TrainCommandOptions, name: string): Promise<number> {
  const { run, seeds, folds } = options;
  if (run !== undefined) {
    throw new UsageError(
      `Cannot resume ${name} as --run ${run}: a run keeps its name; leave out --run`,
    );
  }
  if (seeds !== undefined || folds !== undefined) {
    throw new UsageError(
      `Cannot resume ${name} with --seeds or --folds: one run continues at a time; leave them out`,
    );
  }
  using resumed = await openRun(name);
  if (options.trialOf && !isTrial(resumed.record, name, options.trialOf)) {
    throw new UsageError(`Cannot resume ${name} as a trial: its log is of another run`);
  }
  return await trainOne(resumedPlan(options, resumed));
}

/** A run that continues. */
export function resumedPlan(options: TrainCommandOptions, resumed: ResumableRun): RunPlan {
  return {
    name: resumed,
    ...plannedFor(resumed, options),
    fold: foldOf(resumed),
    options: { ...options, ...computingOf(resumed, options) },
  };
}

async function trainOne(plan: RunPlan): Promise<number> {
  const trial = trialEnd(plan.options.trialUntil, plan.config.epochs);
  using resources = await openTrainingResources(plan.options, plan.config);
  trial.signal.throwIfAborted();
  return reportRun(plan, await trainRun(plan, resources, trial), "deno task train");
}

/**
 * Says what came of a run.
 *
 * @param command what continues with it if it was interrupted
 * @param note    a line after the report
 * @returns the exit code
 */
export function reportRun(
  { options: { json, language } }: RunPlan,
  { name, path, files, epochs, start, end }: TrainedRun,
  command: string,
  note?: string,
): number {
  if (!json) {
    print(trainReport(start, epochs, end, language));
    if (note) print(note);
    print();
    print(`${printable(path)}/: ${files.join(", ")}`);
    if (end.status === "interrupted") {
      print(`Resume with: ${command} --resume ${name}${runsArgument()}`);
    }
  }
  const diverged = divergence(end);
  if (diverged) printErrorLine(`error: ${diverged}`);
  return exitCodeOf(end);
}

export function exitCodeOf({ status }: Pick<EndEvent, "status">): number {
  return { completed: 0, diverged: 1, interrupted: INTERRUPTED }[status];
}
