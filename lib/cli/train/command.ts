/** `train`: one run, several, or one that continues. */
import { installation } from "../../host/mod.ts";
import { requestedConfig } from "../../config/resolve.ts";
import { UsageError } from "../../errors.ts";
import { printable } from "../../report/display_width.ts";
import { requireFreeRunName } from "../../run_log/run/run_folder.ts";
import { withNetworkOf } from "../../train/continue_from.ts";
import { isTrial } from "../../run_log/search/trial_folder.ts";
import { printAdapters } from "../choose_backend.ts";
import { INTERRUPTED } from "../interruption.ts";
import type { TrainCommandOptions } from "../options/train.ts";
import { print, printErrorLine } from "../output.ts";
import { computingOf, foldOf, openRun, plannedFor } from "./resumable_run.ts";
import { divergence } from "./run_recorder.ts";
import { trainReport } from "./report.ts";
import { type Continuing, openTrainingResources, type RunPlan, trainRun } from "./run.ts";
import { resumedData } from "../tables/resumed_table.ts";
import { trialEnd } from "../search/trial_end.ts";
import { runsArgument, runsFolder } from "../places.ts";
import { requireLeaveForRuns } from "../task_line.ts";

/** @returns the exit code: 0 completed, 1 diverged, 130 interrupted */
export async function trainCommand(options: TrainCommandOptions): Promise<number> {
  if (options.adapter === "list") return await printAdapters(options);
  requireLeaveForRuns(options.resume ?? options.run);
  if (options.resume !== undefined) return await goOn(options, options.resume);
  const startedAt = new Date();
  const { preset = options.data === undefined ? "baseline" : "tabular", run } = options;
  const continuing = await continuingOf(options);
  const config = requestedConfig(withNetworkOf(continuing.from, withSplit(options)), preset);
  if (options.seeds !== undefined || options.folds !== undefined) {
    const { trainSeries } = await import("./series.ts");
    return await trainSeries(options, preset, config, continuing);
  }
  if (run !== undefined) requireFreeRunName(runsFolder(), run);
  const name = run ?? { preset, startedAt };
  return await trainOne({ name, preset, config, fold: null, options }, continuing);
}

/** @throws {WeftError} if there is no such model */
async function continuingOf({ from, freeze, data }: TrainCommandOptions): Promise<Continuing> {
  if (from === undefined) return { freeze };
  const { loadModel } = await import("../load_model.ts");
  const { model } = await loadModel(from);
  // Said before images are looked for, which may be fetched.
  if (model.preprocessing && data === undefined) {
    throw new UsageError(
      `Cannot begin with ${from} on images: it was trained on a table; name one, such as ${installation.program} train rows.csv --from ${from}`,
    );
  }
  return { from: model, freeze };
}

/** The last rows validate, in place of random ones. */
function withSplit(options: TrainCommandOptions): TrainCommandOptions {
  const { splitLast, validation, folds } = options;
  if (splitLast === undefined) return options;
  const other = validation === undefined ? folds === undefined ? null : "--folds" : "--validation";
  if (other === null) return { ...options, validation: splitLast };
  throw new UsageError(
    `Cannot validate with --split-last and with ${other} at once: leave out one of them`,
  );
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
  const { config } = resumed.record;
  const before = resumedData(name, config, { ...options, ...computingOf(resumed, options) });
  const planned = plannedFor(resumed, options);
  const plan = { name: resumed, ...planned, fold: foldOf(resumed), options: before };
  return await trainOne(plan, await continuingOf(before));
}

async function trainOne(plan: RunPlan, continuing: Continuing): Promise<number> {
  const { options: { json, language } } = plan;
  const trial = trialEnd(plan.options.trialUntil, plan.config.epochs);
  using resources = await openTrainingResources(plan.options, plan, continuing);
  trial.signal.throwIfAborted();
  const { name, path, files, epochs, start, end } = await trainRun(plan, resources, trial);
  if (!json) {
    print(trainReport(start, epochs, end, { language, monitor: plan.config.monitor }));
    print();
    print(`${printable(path)}/: ${files.join(", ")}`);
    if (end.status === "interrupted") {
      print(`Resume with: ${installation.program} train --resume ${name}${runsArgument()}`);
    }
  }
  const diverged = divergence(end);
  if (diverged) printErrorLine(`error: ${diverged}`);
  return { completed: 0, diverged: 1, interrupted: INTERRUPTED }[end.status];
}
