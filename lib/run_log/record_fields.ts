/**
 * Reads one record out of whatever a line of JSON held. A log comes from a disk and may have been
 * written by another version, edited, or damaged: each field is checked, unknown ones are left
 * behind, and nothing deeper than the schema is kept.
 */

import {
  type ConfigScalar,
  type ConfigValue,
  type EndRecord,
  type EpochRecord,
  type LogRecord,
  type Measured,
  type PerClassRecord,
  type RunRecord,
  STATUSES,
} from "./schema.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Says which field of a record is not what the schema asks for. */
export class FieldError extends Error {
  override name = "FieldError";
}

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
    case "end":
      return toEndRecord(record);
    default:
      text(record.type, "type");
      return null;
  }
}

function toRunRecord(record: JsonObject): RunRecord {
  const dataset = object(record.dataset, "dataset");
  const environment = object(record.environment, "environment");
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
    environment: {
      deno: text(environment.deno, "environment.deno"),
      v8: text(environment.v8, "environment.v8"),
      os: text(environment.os, "environment.os"),
      arch: text(environment.arch, "environment.arch"),
      cpus: count(environment.cpus, "environment.cpus"),
      backend: text(environment.backend, "environment.backend"),
      threads: count(environment.threads, "environment.threads"),
      simd: textOrNull(environment.simd, "environment.simd"),
      adapter: textOrNull(environment.adapter, "environment.adapter"),
    },
    parameters: count(record.parameters, "parameters"),
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

function object(value: unknown, path: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new FieldError(`${path} must be an object, and is ${kind(value)}`);
}

function list(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new FieldError(`${path} must be an array, and is ${kind(value)}`);
}

function text(value: unknown, path: string): string {
  if (isText(value)) return value;
  throw new FieldError(`${path} must be a string, and is ${kind(value)}`);
}

function textOrNull(value: unknown, path: string): string | null {
  return value === null ? null : text(value, path);
}

/** A whole number from 0 up that float64 holds exactly. */
function count(value: unknown, path: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new FieldError(`${path} must be a whole number from 0 up, and is ${kind(value)}`);
}

/** JSON writes 1e999 for what parses as Infinity: null here, as the writer would have made it. */
function measured(value: unknown, path: string): Measured {
  if (value === null) return null;
  if (isNumber(value)) return Number.isFinite(value) ? value : null;
  throw new FieldError(`${path} must be a number or null, and is ${kind(value)}`);
}

/**
 * The entries of an object that the schema knows the type of. `fromEntries` makes `__proto__` a key
 * like any other.
 */
function entries<T>(
  value: unknown,
  path: string,
  isKnown: (entry: unknown) => entry is T,
): Record<string, T> {
  const known: [string, T][] = [];
  for (const [key, entry] of Object.entries(object(value, path))) {
    if (isKnown(entry)) known.push([key, entry]);
  }
  return Object.fromEntries(known);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isConfigScalar(value: unknown): value is ConfigScalar {
  return value === null || isText(value) || isNumber(value) || typeof value === "boolean";
}

function isConfigValue(value: unknown): value is ConfigValue {
  return isConfigScalar(value) || (Array.isArray(value) && value.every(isConfigScalar));
}

/** What a value is, in a word or two: short whatever a hostile line holds. */
function kind(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return typeof value === "object" ? "an object" : String(value);
}
