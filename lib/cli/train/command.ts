/** `train`: one run, several, or one that continues. */
import { installation } from "../../host/mod.ts";
import { requestedConfig } from "../../config/resolve.ts";
import { UsageError } from "../../errors.ts";
import { printable } from "../../report/display_width.ts";
import { requireFreeRunName } from "../../run_log/run/run_folder.ts";
import { withNetworkOf } from "../../train/continue_from.ts";
import { isTrial } from "../../run_log/search/trial_folder.ts";
import type { EndEvent } from "../../train/events.ts";
import { printAdapters } from "../choose_backend.ts";
import { INTERRUPTED } from "../interruption.ts";
import type { TrainCommandOptions } from "../options/train.ts";
import { print, printErrorLine } from "../output.ts";
import { computingOf, foldOf, openRun, plannedFor, type ResumableRun } from "./resumable_run.ts";
import { divergence } from "./divergence.ts";
import { trainReport } from "./report.ts";
import {
  type Continuing,
  openTrainingResources,
  type RunPlan,
  type TrainedRun,
  trainRun,
} from "./run.ts";
import { openData } from "../open_data.ts";
import type { OpenedData } from "../opened_data.ts";
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
  const continuing = await continuingOf(options);
  // What is wrong with other options is said before a large file is read.
  requestedOf(options, continuing, null);
  if (options.run !== undefined) requireFreeRunName(runsFolder(), options.run);
  const opened = options.data === undefined ? null : await openData(options.data, options);
  const requested = requestedOf(options, continuing, opened);
  if (options.seeds !== undefined || options.folds !== undefined) {
    const { trainSeries } = await import("./series.ts");
    return await trainSeries({ options, ...requested, continuing, opened });
  }
  return await trainOne(freshPlan(options, requested, startedAt), continuing, opened);
}

type Requested = Pick<RunPlan, "preset" | "config">;

/**
 * @param opened the data, whose preset it is unless the user says otherwise
 * @throws {UsageError} where an option cannot be, or does not go with another
 */
export function requestedOf(
  options: TrainCommandOptions,
  { from }: Continuing,
  opened: OpenedData | null,
): Requested {
  const { preset = opened?.preset ?? "baseline" } = options;
  return { preset, config: requestedConfig(withNetworkOf(from, withSplit(options)), preset) };
}

/** A run that begins. */
export function freshPlan(
  options: TrainCommandOptions,
  { preset, config }: Requested,
  startedAt: Date,
): RunPlan {
  const { run } = options;
  if (run !== undefined) requireFreeRunName(runsFolder(), run);
  return { name: run ?? { preset, startedAt }, preset, config, fold: null, options };
}

/** @throws {WeftError} if there is no such model */
export async function continuingOf(
  { from, freeze, data }: TrainCommandOptions,
): Promise<Continuing> {
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
  const plan = resumedPlan(options, resumed);
  return await trainOne(plan, await continuingOf(plan.options));
}

/** A run that continues. */
export function resumedPlan(options: TrainCommandOptions, resumed: ResumableRun): RunPlan {
  const { record: { config }, folder: { name } } = resumed;
  const before = resumedData(name, config, { ...options, ...computingOf(resumed, options) });
  const planned = plannedFor(resumed, options);
  return { name: resumed, ...planned, fold: foldOf(resumed), options: before };
}

async function trainOne(
  plan: RunPlan,
  continuing: Continuing,
  opened: OpenedData | null = null,
): Promise<number> {
  const trial = trialEnd(plan.options.trialUntil, plan.config.epochs);
  using resources = await openTrainingResources(plan.options, plan, continuing, opened);
  trial.signal.throwIfAborted();
  return reportRun(plan, await trainRun(plan, resources, trial), `${installation.program} train`);
}

/**
 * Says what came of a run.
 *
 * @param command what continues with it if it was interrupted
 * @param note    a line after the report
 * @returns the exit code
 */
export function reportRun(
  { config: { monitor }, options: { json, language } }: RunPlan,
  { name, path, files, epochs, start, end }: TrainedRun,
  command: string,
  note?: string,
): number {
  if (!json) {
    print(trainReport(start, epochs, end, { language, monitor }));
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
