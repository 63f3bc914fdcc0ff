/** `train`: trains a network, shows how it goes, and leaves a run's folder behind. */
import { requireFreeRunName } from "../run_log/run_folder.ts";
import { type PRESETS, resolveConfig, type TrainConfig } from "../train/config.ts";
import type { EndEvent, StartEvent } from "../train/events.ts";
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
import { divergence, RunRecorder } from "./run_recorder.ts";
import { nameBackend } from "../report/backend_name.ts";
import { trainReport } from "./train_report.ts";

/** Options as commander hands them over; what the user left out is undefined. */
export interface TrainCommandOptions extends Partial<TrainConfig>, CommonOptions {
  readonly preset: keyof typeof PRESETS;
  readonly run?: string;
}

/** @returns the exit code: 0 completed, 1 diverged, 130 interrupted */
export async function trainCommand(options: TrainCommandOptions): Promise<number> {
  if (options.adapter === "list") return await printAdapters(options);
  const startedAt = new Date();
  const { preset, json, language, dataDir = null } = options;
  const config = resolveConfig(givenConfig(options), preset);
  if (options.run !== undefined) requireFreeRunName(RUNS_DIR, options.run);
  const choose = startComputing(options);
  const { dataset } = await loadData(options.dataDir);
  const { train: pictures, test, classNames, name, sha256 } = dataset;
  const { backend: chosen, calibration, fallback } = await choose(
    pictures,
    classNames.length,
    config,
  );
  using backend = chosen;
  let fellBack = false;

  using recorder = new RunRecorder({
    name: options.run ?? { preset, startedAt },
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
  const { signal } = interrupted;
  signal.addEventListener("abort", () => view?.interrupt());

  let start: StartEvent | undefined;
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
    };
    for await (const event of train(asked)) {
      if (event.type === "start") recorder.start(start = event);
      else if (event.type === "progress") view?.progress(event);
      else if (event.type === "epoch") {
        recorder.epoch(event);
        view?.epoch(event);
      } else if (event.type === "fallback") {
        fellBack = true;
        recorder.fallback(event);
        status.clear();
        printError(`${event.error}; training goes on with ${nameBackend(event.environment)}`);
      } else await recorder.end(end = event);
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
  }
  const diverged = divergence(end);
  if (diverged) printError(`error: ${diverged}`);
  return { completed: 0, diverged: 1, interrupted: INTERRUPTED }[end.status];
}
