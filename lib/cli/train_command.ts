/** `train`: trains a network, shows how it goes, and leaves a run's folder behind. */
import { UsageError } from "../errors.ts";
import { requireFreeRunName } from "../run_log/run_folder.ts";
import { type PRESETS, resolveConfig, type TrainConfig } from "../train/config.ts";
import type { Beginning, EndEvent } from "../train/events.ts";
import type { CheckpointInterval } from "../train/options.ts";
import { train } from "../train/trainer.ts";
import { printAdapters, startComputing } from "./choose_backend.ts";
import { givenConfig } from "./given_config.ts";
import { inspect } from "./inspect.ts";
import { INTERRUPTED, interruption } from "./interruption.ts";
import { loadData } from "./load_data.ts";
import type { CommonOptions } from "./options.ts";
import { print, printError, StatusLine } from "./output.ts";
import { ProgressView } from "./progress_view.ts";
import { RUNS_DIR } from "../run_log/file_names.ts";
import { computingOf, openRun, plannedFor, type ResumableRun } from "./resumable_run.ts";
import { divergence, RunRecorder } from "./run_recorder.ts";
import { nameBackend } from "../report/backend_name.ts";
import { trainReport } from "./train_report.ts";
import { trialEnd } from "./trial_end.ts";

const EVERY_EPOCH: CheckpointInterval = { epochs: 1 };

/** Options as commander hands them over; what the user left out is undefined. */
export interface TrainCommandOptions extends Partial<TrainConfig>, CommonOptions {
  readonly preset?: keyof typeof PRESETS;
  readonly run?: string;
  /** Name of the run to go on with. */
  readonly resume?: string;
  readonly checkpointEvery?: CheckpointInterval;
  /** Given by `search`: the epoch after which the trial makes way. */
  readonly trialUntil?: number;
}

/** @returns the exit code: 0 completed, 1 diverged, 130 interrupted */
export async function trainCommand(options: TrainCommandOptions): Promise<number> {
  if (options.adapter === "list") return await printAdapters(options);
  const { run, resume } = options;
  if (resume === undefined) return await trainRun(options, null);
  if (run !== undefined) {
    throw new UsageError(
      `Cannot resume ${resume} as --run ${run}: a run keeps its name; leave out --run`,
    );
  }
  using resumed = await openRun(resume);
  const { preset } = resumed.record.config;
  return await trainRun(
    { ...computingOf(resumed, options), preset: preset as "baseline" },
    resumed,
  );
}

/** @param resumed the run that goes on; null where one begins */
async function trainRun(
  options: TrainCommandOptions,
  resumed: ResumableRun | null,
): Promise<number> {
  const startedAt = new Date();
  const { json, language, dataDir = null } = options;
  const { preset, config } = resumed ? plannedFor(resumed, options) : planned(options);
  if (options.run !== undefined) requireFreeRunName(RUNS_DIR, options.run);
  const trial = trialEnd(options.trialUntil, config.epochs);
  const choose = startComputing(options);
  const { dataset } = await loadData(options.dataDir);
  const { train: pictures, test, classNames, name, sha256 } = dataset;
  const { backend: chosen, calibration, fallback } = await choose(
    pictures,
    classNames.length,
    config,
  );
  using backend = chosen;
  trial.signal.throwIfAborted();
  let fellBack = false;

  using recorder = new RunRecorder({
    name: resumed ?? options.run ?? { preset, startedAt },
    startedAt,
    config: {
      preset,
      ...config,
      backend: options.backend,
      simd: options.simd,
      threads: options.threads ?? null,
      adapter: options.adapter ?? null,
      dataDir,
    },
    dataset: { name, test: test?.rows ?? 0, sha256 },
    calibration,
    // A device that has failed computes no more.
    inspect: (model) => inspect(model, test, fellBack ? {} : { backend }),
  }, json ? (record) => print(JSON.stringify(record)) : undefined);
  using status = new StatusLine();
  const view = json ? null : new ProgressView(status, config.epochs);
  using interrupted = interruption();
  const signal = AbortSignal.any([interrupted.signal, trial.signal]);
  signal.addEventListener("abort", () => view?.interrupt());

  let start: Beginning | undefined;
  let end: EndEvent | undefined;
  try {
    const asked = {
      train: pictures,
      test,
      classNames,
      preset,
      config,
      backend,
      fallback,
      signal,
      resume: resumed?.state ?? undefined,
      checkpointEvery: options.checkpointEvery ?? EVERY_EPOCH,
      dataId: sha256["train-images-idx3-ubyte"] + sha256["train-labels-idx1-ubyte"],
    };
    for await (const event of train(asked)) {
      switch (event.type) {
        case "start":
        case "resume":
          recorder.start(start = event);
          if (event.type === "resume") trial.afterEpoch(event.epoch);
          break;
        case "progress":
          view?.progress(event);
          break;
        case "epoch":
          recorder.epoch(event);
          view?.epoch(event);
          trial.afterEpoch(event.epoch);
          break;
        case "checkpoint":
          await recorder.checkpoint(event, (message) => {
            status.clear();
            printError(`note: ${message} Training goes on without checkpoints.`);
          });
          break;
        case "fallback":
          fellBack = true;
          recorder.fallback(event);
          status.clear();
          printError(`${event.error}; training goes on with ${nameBackend(event.environment)}`);
          break;
        case "end":
          await recorder.end(end = event);
      }
    }
  } catch (error) {
    recorder.fail(error);
    throw error;
  }
  status.clear();
  if (!start || !end) throw new Error("Training ended without an end event");
  if (!json) {
    print(trainReport(start, recorder.epochs, end, language));
    print();
    print(`${recorder.path}/: ${recorder.files.join(", ")}`);
    if (end.status === "interrupted") {
      print(`To go on: deno task train --resume ${recorder.name}`);
    }
  }
  const diverged = divergence(end);
  if (diverged) printError(`error: ${diverged}`);
  return { completed: 0, diverged: 1, interrupted: INTERRUPTED }[end.status];
}

function planned(options: TrainCommandOptions) {
  const { preset = "baseline" } = options;
  return { preset, config: resolveConfig(givenConfig(options), preset) };
}
