/**
 * Reads `compare.json`, which may come from a stranger. Whatever it holds, reading it does not throw: every field is checked,
 * lists and texts are no longer than honest ones, unknown fields are left behind, and a file that cannot be used is refused
 * with the reason.
 */

import {
  COMPARE_SCHEMA,
  COMPARE_STATUSES,
  type Comparison,
  type ContenderRecord,
  type CrossoverRecord,
  CURVE_AXES,
  type CurvePoint,
  type CurveRecord,
  type KernelRecord,
  type TimingRecord,
} from "./comparison.ts";
import {
  amount,
  count,
  entries,
  FieldError,
  isConfigValue,
  isText,
  items,
  kind,
  object,
  oneOf,
  parseJson,
  shortText,
  truth,
} from "../shared/fields.ts";

/** The longest file that is read, in UTF-16 units; an honest one of 64 contenders has a quarter of it. */
export const MAX_COMPARISON_LENGTH = 4 * 1024 * 1024;

/** A comparison, or in a sentence without a full stop why there is none. */
export type ComparisonFile =
  | { readonly comparison: Comparison; readonly problem: null }
  | { readonly comparison: null; readonly problem: string };

/**
 * @param file its bytes or its text
 *
 * @example
 * ```ts
 * import { readComparison } from "./compare_reader.ts";
 *
 * const { comparison, problem } = readComparison("{}");
 * if (!comparison) console.log(problem); // type must be "comparison", and is missing
 * ```
 */
export function readComparison(file: string | Uint8Array): ComparisonFile {
  try {
    return { comparison: toComparison(parse(file)), problem: null };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { comparison: null, problem: error.message };
  }
}

function parse(file: string | Uint8Array): unknown {
  if (file.length > MAX_COMPARISON_LENGTH) {
    throw new FieldError(
      `it is ${file.length} long; the longest that is read is ${MAX_COMPARISON_LENGTH}`,
    );
  }
  return parseJson(file);
}

function toComparison(value: unknown): Comparison {
  const record = object(value, "the comparison");
  if (record.type !== "comparison") {
    throw new FieldError(`type must be "comparison", and is ${kind(record.type)}`);
  }
  const schema = count(record.schema, "schema");
  if (schema !== COMPARE_SCHEMA) {
    throw new FieldError(`its schema is ${schema}, and ${COMPARE_SCHEMA} is what can be read`);
  }
  const dataset = object(record.dataset, "dataset");
  const environment = object(record.environment, "environment");
  const network = object(record.network, "network");
  const check = record.check === null ? null : object(record.check, "check");
  return {
    type: "comparison",
    schema,
    status: oneOf(COMPARE_STATUSES, record.status, "status"),
    name: shortText(record.name, "name"),
    startedAt: shortText(record.startedAt, "startedAt"),
    totalMs: amount(record.totalMs, "totalMs"),
    config: entries(record.config, "config", isConfigValue),
    dataset: {
      name: shortText(dataset.name, "dataset.name"),
      train: count(dataset.train, "dataset.train"),
      validation: count(dataset.validation, "dataset.validation"),
      test: count(dataset.test, "dataset.test"),
      sha256: entries(dataset.sha256, "dataset.sha256", isText),
    },
    environment: {
      deno: shortText(environment.deno, "environment.deno"),
      v8: shortText(environment.v8, "environment.v8"),
      os: shortText(environment.os, "environment.os"),
      arch: shortText(environment.arch, "environment.arch"),
      cpus: count(environment.cpus, "environment.cpus"),
      multiplyAddGflops: amount(environment.multiplyAddGflops, "environment.multiplyAddGflops"),
    },
    network: {
      layers: items(network.layers, "network.layers", count),
      activation: shortText(network.activation, "network.activation"),
      parameters: count(network.parameters, "network.parameters"),
      batchSize: count(network.batchSize, "network.batchSize"),
      flopsOfStep: count(network.flopsOfStep, "network.flopsOfStep"),
    },
    check: check && {
      steps: count(check.steps, "check.steps"),
      batchSize: count(check.batchSize, "check.batchSize"),
    },
    contenders: items(record.contenders, "contenders", toContender),
    curves: items(record.curves, "curves", toCurve),
    crossovers: items(record.crossovers, "crossovers", toCrossover),
  };
}

function toContender(value: unknown, path: string): ContenderRecord {
  const record = object(value, path);
  const at = (field: string) => `${path}.${field}`;
  const amountOf = (field: keyof ContenderRecord) => amount(record[field], at(field));
  return {
    label: shortText(record.label, at("label")),
    backend: shortText(record.backend, at("backend")),
    threads: count(record.threads, at("threads")),
    simd: record.simd === null ? null : shortText(record.simd, at("simd")),
    adapter: record.adapter === null ? null : shortText(record.adapter, at("adapter")),
    software: truth(record.software, at("software")),
    ...(record.error === undefined ? {} : { error: shortText(record.error, at("error")) }),
    startMs: amountOf("startMs"),
    prepareMs: amountOf("prepareMs"),
    firstStepMs: amountOf("firstStepMs"),
    step: timingOrNull(record.step, at("step")),
    encodeMs: amountOf("encodeMs"),
    deviceMs: amountOf("deviceMs"),
    epoch: timingOrNull(record.epoch, at("epoch")),
    samplesPerSecond: amountOf("samplesPerSecond"),
    gflops: amountOf("gflops"),
    shareOfLimit: amountOf("shareOfLimit"),
    peakMemoryBytes: amountOf("peakMemoryBytes"),
    bufferBytes: amountOf("bufferBytes"),
    trainLoss: amountOf("trainLoss"),
    validationLoss: amountOf("validationLoss"),
    validationAccuracy: amountOf("validationAccuracy"),
    lossDifference: amountOf("lossDifference"),
    weightDifference: amountOf("weightDifference"),
    kernels: items(record.kernels, at("kernels"), toKernel),
  };
}

function toKernel(value: unknown, path: string): KernelRecord {
  const record = object(value, path);
  return {
    kernel: shortText(record.kernel, `${path}.kernel`),
    shape: shortText(record.shape, `${path}.shape`),
    callsPerStep: count(record.callsPerStep, `${path}.callsPerStep`),
    time: timing(record.time, `${path}.time`),
    deviceMs: amount(record.deviceMs, `${path}.deviceMs`),
    gflops: amount(record.gflops, `${path}.gflops`),
  };
}

function toCurve(value: unknown, path: string): CurveRecord {
  const record = object(value, path);
  return {
    axis: oneOf(CURVE_AXES, record.axis, `${path}.axis`),
    contender: shortText(record.contender, `${path}.contender`),
    points: items(record.points, `${path}.points`, toPoint),
  };
}

function toPoint(value: unknown, path: string): CurvePoint {
  const record = object(value, path);
  return {
    at: count(record.at, `${path}.at`),
    time: timing(record.time, `${path}.time`),
    gflops: amount(record.gflops, `${path}.gflops`),
  };
}

function toCrossover(value: unknown, path: string): CrossoverRecord {
  const record = object(value, path);
  return {
    axis: oneOf(CURVE_AXES, record.axis, `${path}.axis`),
    contender: shortText(record.contender, `${path}.contender`),
    overtakes: shortText(record.overtakes, `${path}.overtakes`),
    at: amount(record.at, `${path}.at`),
    staysAhead: truth(record.staysAhead, `${path}.staysAhead`),
  };
}

function timing(value: unknown, path: string): TimingRecord {
  const record = object(value, path);
  return {
    medianMs: amount(record.medianMs, `${path}.medianMs`),
    spreadMs: amount(record.spreadMs, `${path}.spreadMs`),
    bestMs: amount(record.bestMs, `${path}.bestMs`),
    measurements: count(record.measurements, `${path}.measurements`),
  };
}

function timingOrNull(value: unknown, path: string): TimingRecord | null {
  return value === null ? null : timing(value, path);
}
