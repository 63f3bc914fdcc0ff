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
  type FeaturesRecord,
  type LayerRecord,
  type LogRecord,
  type Measured,
  type MetricRecord,
  type MetricValues,
  type PerClassRecord,
  type ResumeRecord,
  type RunEnvironment,
  type RunRecord,
  STATUSES,
  STOP_REASONS,
  type TrialMark,
} from "./schema.ts";
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
} from "./fields.ts";

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
    ...toTask(record),
    ...(record.calibration === undefined
      ? {}
      : { calibration: list(record.calibration, "calibration").map(toCalibrationRecord) }),
    ...(record.trial === undefined ? {} : { trial: toTrialMark(record.trial) }),
  };
}

/** What version 1 does not say. */
function toTask(
  { task, metrics, layers, features }: JsonObject,
): Pick<RunRecord, "task" | "metrics" | "layers" | "features"> {
  return {
    ...(task === undefined ? {} : { task: text(task, "task") }),
    ...(metrics === undefined
      ? {}
      : { metrics: list(metrics, "metrics").slice(0, MOST_METRICS).map(toMetricRecord) }),
    ...(layers === undefined
      ? {}
      : { layers: list(layers, "layers").slice(0, MOST_LAYERS).map(toLayerRecord) }),
    ...(features === undefined ? {} : { features: toFeatures(features) }),
  };
}

/** More are in no log that Weft has written. */
const MOST_METRICS = 100;
const MOST_LAYERS = 1000;

function toMetricRecord(value: unknown, index: number): MetricRecord {
  const path = `metrics[${index}]`;
  const metric = object(value, path);
  const { higherIsBetter } = metric;
  if (typeof higherIsBetter !== "boolean") {
    throw new FieldError(
      `${path}.higherIsBetter must be true or false, and is ${kind(higherIsBetter)}`,
    );
  }
  return {
    name: text(metric.name, `${path}.name`),
    label: text(metric.label, `${path}.label`),
    unit: text(metric.unit, `${path}.unit`),
    higherIsBetter,
  };
}

function toLayerRecord(value: unknown, index: number): LayerRecord {
  const path = `layers[${index}]`;
  const layer = object(value, path);
  return { kind: text(layer.kind, `${path}.kind`), shape: toShape(layer.shape, `${path}.shape`) };
}

function toFeatures(value: unknown): FeaturesRecord {
  const features = object(value, "features");
  return {
    element: text(features.element, "features.element"),
    shape: toShape(features.shape, "features.shape"),
  };
}

function toShape(value: unknown, path: string): number[] {
  return list(value, path).map((size, i) => count(size, `${path}[${i}]`));
}

/** Metrics by name; undefined where a record does not have them. */
function toMetrics(value: unknown, path: string): MetricValues | null | undefined {
  if (value === undefined || value === null) return value;
  const isMeasured = (entry: unknown): entry is Measured => entry === null || isNumber(entry);
  return entries(value, path, isMeasured);
}

/** Without those that are undefined. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
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
    trainAccuracy: measured(record.trainAccuracy ?? null, "trainAccuracy"),
    validationLoss: measured(record.validationLoss, "validationLoss"),
    validationAccuracy: measured(record.validationAccuracy ?? null, "validationAccuracy"),
    ...given({
      train: toMetrics(record.train, "train") ?? undefined,
      validation: toMetrics(record.validation, "validation"),
    }),
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
    validationAccuracy: measured(record.validationAccuracy ?? null, "validationAccuracy"),
    testAccuracy: measured(record.testAccuracy ?? null, "testAccuracy"),
    testLoss: measured(record.testLoss ?? null, "testLoss"),
    ...given({
      validation: toMetrics(record.validation, "validation"),
      test: toMetrics(record.test, "test"),
      threshold: record.threshold === undefined || record.threshold === null
        ? undefined
        : measured(record.threshold, "threshold") ?? undefined,
    }),
    confusionMatrix: (record.confusionMatrix ?? null) === null
      ? null
      : toConfusionMatrix(record.confusionMatrix),
    perClass: (record.perClass ?? null) === null
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
