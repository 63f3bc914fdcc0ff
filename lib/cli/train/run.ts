/** One training run of the command line, from the data to its folder; several in turn share data and back end. */
import { resolve } from "node:path";
import type { TrainConfig } from "../../config/options.ts";
import type { Fold } from "../../dataset/folds.ts";
import { nameWithAdapter } from "../../run_log/run/backend_name.ts";
import type { ProcessesRecord } from "../../run_log/run/records.ts";
import { adaptedConfig } from "../../train/adapted_config.ts";
import { describeRun } from "../../train/describe.ts";
import type { Beginning, EndEvent } from "../../train/events.ts";
import type { TrainingState } from "../../train/checkpoint/state.ts";
import type { CheckpointInterval, TrainOptions } from "../../train/options.ts";
import type { ProcessGroup } from "../../train/process_group.ts";
import { trainResolved } from "../../train/trainer.ts";
import { type Computing, createNamedBackend, startComputing } from "../choose_backend.ts";
import { inspect } from "./inspect.ts";
import { isModelPath } from "../load_model.ts";
import { interruption, launchedInterruption } from "../interruption.ts";
import type { TrainCommandOptions } from "../options/train.ts";
import { print, printError, printErrorLine, printJson, StatusLine } from "../output.ts";
import { userPath } from "../places.ts";
import { ProgressView } from "./progress_view.ts";
import { fallbackOf, requireSameData, type ResumableRun } from "./resumable_run.ts";
import type { RunFacts } from "./records.ts";
import { RunRecorder } from "./run_recorder.ts";
import { openData } from "../open_data.ts";
import type { OpenedData } from "../opened_data.ts";
import { openImages, type PreparedRun, type RunSource } from "../run_source.ts";
import { type TrialEnd, trialEnd } from "../search/trial_end.ts";

/** A model to begin with, and what stays as it is. */
export type Continuing = Pick<TrainOptions, "from" | "freeze">;

const EVERY_EPOCH: CheckpointInterval = { epochs: 1 };

/** What runs are trained on, and what computes them. */
export interface TrainingResources extends Computing, Disposable {
  readonly source: RunSource;
  /** What every run begins with, if it is a model. */
  readonly continuing: Continuing;
  /** What has been said of the data: runs of a series have most of it in common. */
  readonly told: Set<string>;
}

/** Reads the data, unless it has been, and chooses the back end. */
export async function openTrainingResources(
  options: TrainCommandOptions,
  { config, preset }: Pick<RunPlan, "config" | "preset">,
  continuing: Continuing,
  opened?: OpenedData | null,
): Promise<TrainingResources> {
  if (options.data === undefined) {
    const choose = startComputing(options);
    const source = await openImages(options);
    const { train, classNames } = source.images!;
    const computing = await choose(train, classNames.length, config);
    return withBackend({ source, continuing }, computing);
  }
  const source = (opened ?? await openData(options.data, options))
    .source({ config, preset, continuing });
  // Networks for tables and for few images are too small for a trial of back ends to pay.
  return withBackend({ source, continuing }, { backend: await createNamedBackend(options) });
}

function withBackend(
  trained: Pick<TrainingResources, "source" | "continuing">,
  computing: Computing,
): TrainingResources {
  return {
    ...trained,
    told: new Set(),
    ...computing,
    [Symbol.dispose]: () => computing.backend[Symbol.dispose](),
  };
}

export interface RunPlan {
  readonly name: RunFacts["name"];
  readonly preset: string;
  readonly config: TrainConfig;
  readonly fold: Fold | null;
  readonly options: TrainCommandOptions;
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
  plan: RunPlan,
  resources: TrainingResources,
  trial: TrialEnd = trialEnd(undefined, plan.config.epochs),
  together: Together | null = null,
): Promise<TrainedRun> {
  const startedAt = new Date();
  const { name: named, preset, fold, options } = plan;
  const { source, told, backend, calibration, fallback } = resources;
  const { json } = options;
  const { name, sha256 } = source;
  const resumed = isResumed(named) ? named : null;
  if (resumed) requireSameData(resumed, { sha256 });
  const { prepared, training, config } = trainingOf(plan, resources);
  const asked = {
    ...training,
    fallback: fallback ?? (resumed ? fallbackOf(resumed, options) : undefined),
    resume: resumed?.state ?? undefined,
    elapsedMs: resumed?.elapsedMs,
    group: together?.group,
  };
  const description = describeRun(asked, config);
  tell(prepared, told, json);
  const { columns } = prepared;
  const features = { ...description.features, ...(columns ? { columns } : {}) };
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
      ...source.config,
      ...(options.from === undefined ? {} : { from: lastingName(options.from) }),
      ...(options.freeze === undefined ? {} : { freeze: options.freeze }),
    },
    dataset: { name, test: asked.test?.rows ?? 0, sha256 },
    description: { ...description, features },
    calibration,
    processes: together?.processes,
    // A device that has failed computes no more.
    inspect: (model) => inspect(model, prepared.testImages, fellBack ? {} : { backend }),
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
    for await (const event of trainResolved({ ...asked, signal }, config)) {
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

/** What every process of a run trains, with the values that are used: they are shown and logged. */
function trainingOf(
  { preset, config: planned, fold, options }: Omit<RunPlan, "name">,
  { source, continuing, backend }: TrainingResources,
) {
  const prepared = source.prepare(planned, fold);
  const training = {
    ...continuing,
    ...prepared.options,
    preset,
    backend,
    checkpointEvery: options.checkpointEvery ?? EVERY_EPOCH,
  };
  return { prepared, training, config: adaptedConfig(training, planned) };
}

/** Trains as one of several processes of which another shows how it goes, and leaves the run's folder behind. */
export async function followRun(
  plan: Omit<RunPlan, "name">,
  resources: TrainingResources,
  { group, state }: Together,
): Promise<EndEvent> {
  using interrupted = launchedInterruption();
  const { signal } = interrupted;
  const { training, config } = trainingOf(plan, resources);
  const asked = { ...training, signal, resume: state ?? undefined, group };
  let end: EndEvent | undefined;
  for await (const event of trainResolved(asked, config)) {
    if (event.type === "end") end = event;
  }
  if (!end) throw new Error("Training ended without an end event");
  return end;
}

/** Says what is trained on, and what is odd about it; nothing twice. */
function tell({ report, options: { notes = [] } }: PreparedRun, told: Set<string>, json = false) {
  const isNew = (text: string) => !told.has(text) && told.add(text);
  if (report && !json && isNew(report)) print(`${report}\n`);
  for (const note of notes) if (isNew(note)) printErrorLine(`note: ${note}`);
}

/** A model as a run that resumes finds it, wherever the user stands then: the name of a run, or a whole path. */
function lastingName(model: string): string {
  return isModelPath(model) ? resolve(userPath(model)) : model;
}

function isResumed(name: RunFacts["name"]): name is ResumableRun {
  return typeof name === "object" && "log" in name;
}
