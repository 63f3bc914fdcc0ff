/** Makes records of a run's log from the events of its training. */
import { processors } from "../../backends/wasm/team.ts";
import { host } from "../../host/mod.ts";
import type { Model } from "../../model/model.ts";
import type { Inspection } from "../../run_log/inspection/inspection.ts";
import {
  type CalibrationRecord,
  type ConfigValue,
  type EndRecord,
  type EpochRecord,
  type ProcessesRecord,
  type RunDataset,
  type RunEnvironment,
  type RunRecord,
  SCHEMA,
  type TrialMark,
} from "../../run_log/run/records.ts";
import type { DefaultName } from "../../run_log/run/run_folder.ts";
import type { RunDescription } from "../../train/describe.ts";
import type { Beginning, EndEvent, EpochEvent } from "../../train/events.ts";
import type { ResumableRun } from "./resumable_run.ts";

/** What is known of a run before it starts. */
export interface RunFacts {
  /** What the user called it, or what to make a name of; or the run that continues. */
  readonly name: string | DefaultName | ResumableRun;
  readonly startedAt: Date;
  /** Given by `search`. */
  readonly trial?: TrialMark;
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly dataset: Omit<RunDataset, "train" | "validation">;
  /** What is about to be learned. */
  readonly description?: RunDescription;
  /** What was measured to choose the back end, if anything was. */
  readonly calibration?: readonly CalibrationRecord[];
  /** Who trains it, where several processes do. */
  readonly processes?: ProcessesRecord;
  /** Looks into the network that came out; null where there is nothing to show. */
  readonly inspect?: (model: Model) => Promise<Inspection | null>;
}

/** What is about to be trained. */
export function runRecord(name: string, facts: RunFacts, event: Beginning): RunRecord {
  const { startedAt, config, dataset, description, calibration, processes } = facts;
  return {
    type: "run",
    schema: SCHEMA,
    name,
    startedAt: startedAt.toISOString(),
    config,
    dataset: { ...dataset, train: event.trainRows, validation: event.validationRows },
    environment: environmentOf(event),
    parameters: event.parameters,
    ...description,
    ...(calibration ? { calibration } : {}),
    ...(processes ? { processes } : {}),
  };
}

/** An epoch as a log of that schema has it: with an accuracy only where the task has one. */
export function epochRecord(event: EpochEvent, schema: number): EpochRecord {
  const { train, validation, trainAccuracy, validationAccuracy, ...others } = event;
  const hasAccuracy = "accuracy" in train;
  const { type, epoch, trainLoss, validationLoss, ...rest } = others;
  return {
    type,
    epoch,
    trainLoss,
    ...(hasAccuracy ? { trainAccuracy } : {}),
    validationLoss,
    ...(hasAccuracy ? { validationAccuracy } : {}),
    ...(schema === 1 ? {} : { train, validation }),
    ...rest,
  } as EpochRecord;
}

/** What the end of a training run measured, as a log of that schema has it. */
export function measuredOf(event: EndEvent, schema: number) {
  const { stoppedBy, bestEpoch, validationLoss, validationAccuracy } = event;
  const { testAccuracy, testLoss, confusionMatrix, perClass, predictions, totalMs } = event;
  const { validation, test, threshold } = event;
  const byName = { validation, test, ...(threshold === null ? {} : { threshold }) };
  return {
    stoppedBy,
    bestEpoch,
    validationLoss,
    validationAccuracy,
    testAccuracy,
    testLoss,
    ...(schema === 1 ? {} : byName),
    confusionMatrix,
    perClass,
    ...(predictions ? { predictions } : {}),
    totalMs,
  };
}

/** What a run has measured that failed on the way. */
export const NOTHING_MEASURED = {
  validationAccuracy: null,
  testAccuracy: null,
  testLoss: null,
  confusionMatrix: null,
  perClass: null,
} satisfies Partial<EndRecord>;

/** This machine, and what computes on it. */
export function environmentOf({ environment }: Beginning): RunEnvironment {
  const { refusedThreads: _, ...computing } = environment;
  return {
    deno: host.version.deno,
    v8: host.version.v8,
    os: host.build.os,
    arch: host.build.arch,
    cpus: processors(),
    ...computing,
  };
}
