/** `train`: one run, several, or one that continues. */
import { requestedConfig } from "../../config/resolve.ts";
import { UsageError } from "../../errors.ts";
import { printable } from "../../report/display_width.ts";
import { requireFreeRunName } from "../../run_log/run/run_folder.ts";
import { isTrial } from "../../run_log/search/trial_folder.ts";
import { printAdapters } from "../choose_backend.ts";
import { INTERRUPTED } from "../interruption.ts";
import type { TrainCommandOptions } from "../options/train.ts";
import { print, printErrorLine } from "../output.ts";
import { computingOf, foldOf, openRun, plannedFor } from "./resumable_run.ts";
import { divergence } from "./run_recorder.ts";
import { trainReport } from "./report.ts";
import { openTrainingResources, type RunPlan, trainRun } from "./run.ts";
import { trialEnd } from "../search/trial_end.ts";
import { runsArgument, runsFolder } from "../places.ts";
import { requireLeaveForRuns } from "../task_line.ts";

/** @returns the exit code: 0 completed, 1 diverged, 130 interrupted */
export async function trainCommand(options: TrainCommandOptions): Promise<number> {
  if (options.adapter === "list") return await printAdapters(options);
  requireLeaveForRuns(options.resume ?? options.run);
  if (options.resume !== undefined) return await goOn(options, options.resume);
  const startedAt = new Date();
  const { preset = "baseline", run } = options;
  const config = requestedConfig(options, preset);
  if (options.seeds !== undefined || options.folds !== undefined) {
    const { trainSeries } = await import("./series.ts");
    return await trainSeries(options, preset, config);
  }
  if (run !== undefined) requireFreeRunName(runsFolder(), run);
  return await trainOne({
    name: run ?? { preset, startedAt },
    preset,
    config,
    fold: null,
    options,
  });
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
  const computing = { ...options, ...computingOf(resumed, options) };
  return await trainOne({
    name: resumed,
    ...plannedFor(resumed, options),
    fold: foldOf(resumed),
    options: computing,
  });
}

async function trainOne(plan: RunPlan): Promise<number> {
  const { options: { json, language } } = plan;
  const trial = trialEnd(plan.options.trialUntil, plan.config.epochs);
  using resources = await openTrainingResources(plan.options, plan.config);
  trial.signal.throwIfAborted();
  const { name, path, files, epochs, start, end } = await trainRun(plan, resources, trial);
  if (!json) {
    print(trainReport(start, epochs, end, { language, monitor: plan.config.monitor }));
    print();
    print(`${printable(path)}/: ${files.join(", ")}`);
    if (end.status === "interrupted") {
      print(`Resume with: deno task train --resume ${name}${runsArgument()}`);
    }
  }
  const diverged = divergence(end);
  if (diverged) printErrorLine(`error: ${diverged}`);
  return { completed: 0, diverged: 1, interrupted: INTERRUPTED }[end.status];
}
