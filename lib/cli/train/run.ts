/** One training run of the command line, from the data to its folder; several in turn share data and back end. */
import type { LoadedDataset } from "../../../data/load.ts";
import type { TrainConfig } from "../../config/options.ts";
import { type Fold, stratifiedFolds } from "../../dataset/folds.ts";
import { nameWithAdapter } from "../../run_log/run/backend_name.ts";
import type { ProcessesRecord } from "../../run_log/run/records.ts";
import { describeRun } from "../../train/describe.ts";
import type { Beginning, EndEvent } from "../../train/events.ts";
import type { CheckpointInterval } from "../../train/options.ts";
import type { ProcessGroup } from "../../train/process_group.ts";
import type { TrainingState } from "../../train/checkpoint/state.ts";
import { trainResolved } from "../../train/trainer.ts";
import { type Computing, startComputing } from "../choose_backend.ts";
import { inspect } from "./inspect.ts";
import { interruption, launchedInterruption } from "../interruption.ts";
import { loadData } from "../load_data.ts";
import type { CommonOptions } from "../options/common.ts";
import type { TrainCommandOptions } from "../options/train.ts";
import { printError, printErrorLine, printJson, StatusLine } from "../output.ts";
import { ProgressView } from "./progress_view.ts";
import { fallbackOf, requireSameData, type ResumableRun } from "./resumable_run.ts";
import { type RunFacts, RunRecorder } from "./run_recorder.ts";
import { type TrialEnd, trialEnd } from "../search/trial_end.ts";

const EVERY_EPOCH: CheckpointInterval = { epochs: 1 };

/** What runs are trained on, and what computes them. */
export interface TrainingResources extends Computing, Disposable, Pick<LoadedDataset, "dataset"> {}

/** Reads the data and chooses the back end. */
export async function openTrainingResources(
  options: CommonOptions,
  config: TrainConfig,
): Promise<TrainingResources> {
  const choose = startComputing(options);
  const { dataset } = await loadData(options.dataDir);
  const computing = await choose(dataset.train, dataset.classNames.length, config);
  return { dataset, ...computing, [Symbol.dispose]: () => computing.backend[Symbol.dispose]() };
}

export interface RunPlan {
  readonly name: RunFacts["name"];
  readonly preset: string;
  readonly config: TrainConfig;
  readonly fold: Fold | null;
  readonly options:
    & CommonOptions
    & Pick<TrainCommandOptions, "checkpointEvery" | "trialUntil" | "trialOf">;
}

/** Several processes that train one run. */
export interface Together {
  readonly group: ProcessGroup;
  /** For the log. */
  readonly processes: ProcessesRecord;
  /** The state with which all of them resume; null to begin. */
  readonly state: TrainingState | null;
}

export interface TrainedRun {
  readonly name: string;
  readonly path: string;
  /** Names of what the folder has now. */
  readonly files: readonly string[];
  readonly epochs: RunRecorder["epochs"];
  readonly start: Beginning;
  readonly end: EndEvent;
}

/** Trains, shows how it goes, and leaves the run's folder behind. */
export async function trainRun(
  { name: named, preset, config, fold, options }: RunPlan,
  { dataset, backend, calibration, fallback }: TrainingResources,
  trial: TrialEnd = trialEnd(undefined, config.epochs),
  together: Together | null = null,
): Promise<TrainedRun> {
  const startedAt = new Date();
  const { json } = options;
  const { train: images, test, classNames, name, sha256 } = dataset;
  const resumed = isResumed(named) ? named : null;
  if (resumed) requireSameData(resumed, { sha256 });
  const description = describeRun({ train: images, test, classNames }, config);
  let fellBack = false;
  using recorder = new RunRecorder({
    name: named,
    startedAt,
    trial: options.trialOf,
    config: {
      preset,
      ...config,
      ...fold,
      backend: options.backend,
      simd: options.simd,
      threads: options.threads ?? null,
      adapter: options.adapter ?? null,
      dataDir: options.dataDir ?? null,
    },
    dataset: { name, test: test?.rows ?? 0, sha256 },
    description,
    calibration,
    processes: together?.processes,
    // A device that has failed computes no more.
    inspect: (model) => inspect(model, test, fellBack ? {} : { backend }),
  }, json ? (record) => printJson(record) : undefined);
  using status = new StatusLine();
  // A launcher gives its processes terminals of their own, where nobody is watching.
  const view = json || together
    ? null
    : new ProgressView(status, config.epochs, description.metrics);
  using interrupted = together ? launchedInterruption() : interruption();
  const signal = AbortSignal.any([interrupted.signal, trial.signal]);
  signal.addEventListener("abort", () => view?.interrupt());

  let start: Beginning | undefined;
  let end: EndEvent | undefined;
  try {
    const asked = {
      ...trainingOf({ preset, config, fold, options }, { dataset, backend }),
      fallback: fallback ?? (resumed ? fallbackOf(resumed, options) : undefined),
      signal,
      resume: resumed?.state ?? undefined,
      elapsedMs: resumed?.elapsedMs,
      group: together?.group,
    };
    for await (const event of trainResolved(asked, config)) {
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
            printErrorLine(
              `note: ${message.replace(/\.?$/, ".")} Training continues without checkpoints.`,
            );
          });
          break;
        case "fallback":
          fellBack = true;
          recorder.fallback(event);
          status.clear();
          printError(
            `${event.error}; training continues with ${nameWithAdapter(event.environment)}`,
          );
          break;
        case "end":
          await recorder.end(end = event);
      }
    }
  } catch (error) {
    recorder.fail(error);
    throw error;
  }
  if (!start || !end) throw new Error("Training ended without an end event");
  const { files, epochs, path } = recorder;
  return { name: recorder.name, path, files, epochs, start, end };
}

/** What every process of a run trains. */
function trainingOf(
  { preset, config, fold, options }: Omit<RunPlan, "name">,
  { dataset: { train, test, classNames, sha256 }, backend }: Pick<
    TrainingResources,
    "dataset" | "backend"
  >,
) {
  return {
    train,
    split: fold ? splitOf(fold, train.labels, config) : undefined,
    test,
    classNames,
    preset,
    backend,
    checkpointEvery: options.checkpointEvery ?? EVERY_EPOCH,
    dataId: sha256["train-images-idx3-ubyte"] + sha256["train-labels-idx1-ubyte"],
  };
}

/** Trains as one of several processes of which another shows how it goes, and leaves the run's folder behind. */
export async function followRun(
  plan: Omit<RunPlan, "name">,
  resources: TrainingResources,
  { group, state }: Together,
): Promise<EndEvent> {
  using interrupted = launchedInterruption();
  const { signal } = interrupted;
  const asked = { ...trainingOf(plan, resources), signal, resume: state ?? undefined, group };
  let end: EndEvent | undefined;
  for await (const event of trainResolved(asked, plan.config)) {
    if (event.type === "end") end = event;
  }
  if (!end) throw new Error("Training ended without an end event");
  return end;
}

function isResumed(name: RunFacts["name"]): name is ResumableRun {
  return typeof name === "object" && "log" in name;
}

function splitOf({ fold, folds }: Fold, labels: Uint8Array, { splitSeed }: TrainConfig) {
  return stratifiedFolds(labels, folds, splitSeed)[fold - 1];
}
