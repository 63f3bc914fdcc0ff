/**
 * Reads one record out of whatever a line of JSON held. A log comes from a disk and may have been
 * written by another version, edited, or damaged: each field is checked, unknown ones are left
 * behind, and nothing deeper than the schema is kept.
 */

import {
  type BackendRecord,
  type CalibrationRecord,
  type EndRecord,
  type EpochRecord,
  type FallbackRecord,
  type LogRecord,
  type PerClassRecord,
  type ResumeRecord,
  type RunEnvironment,
  type RunRecord,
  STATUSES,
  STOP_REASONS,
  type TrialMark,
} from "./records.ts";
import {
  count,
  entries,
  FieldError,
  isConfigValue,
  isNumber,
  isText,
  type JsonObject,
  kind,
  list,
  measured,
  object,
  text,
  textOrNull,
} from "../shared/fields.ts";

/**
 * The record in a parsed line; null where its type is one that this version does not know.
 *
 * @throws {FieldError} If it is no record, or a field of it is missing or of the wrong type.
 */
export function toRecord(value: unknown): LogRecord | null {
  const record = object(value, "the record");
  switch (record.type) {
    case "run":
      return toRunRecord(record);
    case "epoch":
      return toEpochRecord(record);
    case "fallback":
      return toFallbackRecord(record);
    case "resume":
      return toResumeRecord(record);
    case "end":
      return toEndRecord(record);
    default:
      text(record.type, "type");
      return null;
  }
}

function toRunRecord(record: JsonObject): RunRecord {
  const dataset = object(record.dataset, "dataset");
  return {
    type: "run",
    schema: count(record.schema, "schema"),
    name: text(record.name, "name"),
    startedAt: text(record.startedAt, "startedAt"),
    config: entries(record.config, "config", isConfigValue),
    dataset: {
      name: text(dataset.name, "dataset.name"),
      train: count(dataset.train, "dataset.train"),
      validation: count(dataset.validation, "dataset.validation"),
      test: count(dataset.test, "dataset.test"),
      sha256: entries(dataset.sha256, "dataset.sha256", isText),
    },
    environment: toEnvironment(record.environment),
    parameters: count(record.parameters, "parameters"),
    ...(record.calibration === undefined
      ? {}
      : { calibration: list(record.calibration, "calibration").map(toCalibrationRecord) }),
    ...(record.trial === undefined ? {} : { trial: toTrialMark(record.trial) }),
  };
}

function toTrialMark(value: unknown): TrialMark {
  const mark = object(value, "trial");
  return { search: text(mark.search, "trial.search"), trial: count(mark.trial, "trial.trial") };
}

function toEnvironment(value: unknown): RunEnvironment {
  const environment = object(value, "environment");
  return {
    deno: text(environment.deno, "environment.deno"),
    v8: text(environment.v8, "environment.v8"),
    os: text(environment.os, "environment.os"),
    arch: text(environment.arch, "environment.arch"),
    cpus: count(environment.cpus, "environment.cpus"),
    ...toBackendRecord(environment, "environment"),
  };
}

function toResumeRecord(record: JsonObject): ResumeRecord {
  return {
    type: "resume",
    resumedAt: text(record.resumedAt, "resumedAt"),
    epoch: count(record.epoch, "epoch"),
    batch: count(record.batch, "batch"),
    environment: toEnvironment(record.environment),
  };
}

function toBackendRecord(fields: JsonObject, path: string): BackendRecord {
  return {
    backend: text(fields.backend, `${path}.backend`),
    threads: count(fields.threads, `${path}.threads`),
    simd: textOrNull(fields.simd, `${path}.simd`),
    adapter: textOrNull(fields.adapter, `${path}.adapter`),
  };
}

function toCalibrationRecord(value: unknown, index: number): CalibrationRecord {
  const path = `calibration[${index}]`;
  const fields = object(value, path);
  return {
    ...toBackendRecord(fields, path),
    batchSize: count(fields.batchSize, `${path}.batchSize`),
    stepMs: measured(fields.stepMs, `${path}.stepMs`),
  };
}

function toFallbackRecord(record: JsonObject): FallbackRecord {
  return {
    type: "fallback",
    epoch: count(record.epoch, "epoch"),
    environment: toBackendRecord(object(record.environment, "environment"), "environment"),
    error: text(record.error, "error"),
  };
}

function toEpochRecord(record: JsonObject): EpochRecord {
  const epoch = count(record.epoch, "epoch");
  if (epoch === 0) throw new FieldError("epoch is 0, but epochs count from 1");
  return {
    type: "epoch",
    epoch,
    trainLoss: measured(record.trainLoss, "trainLoss"),
    trainAccuracy: measured(record.trainAccuracy, "trainAccuracy"),
    validationLoss: measured(record.validationLoss, "validationLoss"),
    validationAccuracy: measured(record.validationAccuracy, "validationAccuracy"),
    learningRate: measured(record.learningRate, "learningRate"),
    epochMs: measured(record.epochMs, "epochMs"),
    elapsedMs: measured(record.elapsedMs, "elapsedMs"),
    samplesPerSecond: measured(record.samplesPerSecond, "samplesPerSecond"),
    phasesMs: entries(record.phasesMs, "phasesMs", isNumber),
  };
}

function toEndRecord(record: JsonObject): EndRecord {
  const status = STATUSES.find((known) => known === record.status);
  if (status === undefined) {
    throw new FieldError(
      `status must be one of ${STATUSES.join(", ")}, and is ${kind(record.status)}`,
    );
  }
  return {
    type: "end",
    status,
    ...toStop(record),
    validationAccuracy: measured(record.validationAccuracy, "validationAccuracy"),
    testAccuracy: measured(record.testAccuracy, "testAccuracy"),
    testLoss: measured(record.testLoss, "testLoss"),
    confusionMatrix: record.confusionMatrix === null
      ? null
      : toConfusionMatrix(record.confusionMatrix),
    perClass: record.perClass === null
      ? null
      : list(record.perClass, "perClass").map(toPerClassRecord),
    totalMs: measured(record.totalMs, "totalMs"),
    ...(record.error === undefined ? {} : { error: text(record.error, "error") }),
  };
}

/** What later versions say of a run's end. */
function toStop(
  { stoppedBy, bestEpoch, validationLoss }: JsonObject,
): Pick<EndRecord, "stoppedBy" | "bestEpoch" | "validationLoss"> {
  const reason = STOP_REASONS.find((known) => known === stoppedBy);
  if (stoppedBy !== undefined && reason === undefined) {
    throw new FieldError(
      `stoppedBy must be one of ${STOP_REASONS.join(", ")}, and is ${kind(stoppedBy)}`,
    );
  }
  return {
    ...(reason === undefined ? {} : { stoppedBy: reason }),
    ...(bestEpoch === undefined
      ? {}
      : { bestEpoch: bestEpoch === null ? null : count(bestEpoch, "bestEpoch") }),
    ...(validationLoss === undefined
      ? {}
      : { validationLoss: measured(validationLoss, "validationLoss") }),
  };
}

function toConfusionMatrix(value: unknown): number[][] {
  const rows = list(value, "confusionMatrix");
  return rows.map((row, trueClass) => {
    const path = `confusionMatrix[${trueClass}]`;
    const counts = list(row, path);
    if (counts.length !== rows.length) {
      throw new FieldError(
        `${path} has ${counts.length} entries in a matrix of ${rows.length} rows`,
      );
    }
    return counts.map((entry, predicted) => count(entry, `${path}[${predicted}]`));
  });
}

function toPerClassRecord(value: unknown, index: number): PerClassRecord {
  const path = `perClass[${index}]`;
  const entry = object(value, path);
  return {
    name: text(entry.name, `${path}.name`),
    precision: measured(entry.precision, `${path}.precision`),
    recall: measured(entry.recall, `${path}.recall`),
    f1: measured(entry.f1, `${path}.f1`),
    support: count(entry.support, `${path}.support`),
  };
}
