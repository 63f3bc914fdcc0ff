/**
 * What `runs/NAME/log.jsonl` holds: one `run` record, one `epoch` record an epoch, a `fallback`
 * record where a device failed, one `end` record, and a `resume` record where another process continued; one JSON object a
 * line. Units are in the names (`Ms` milliseconds); losses are
 * cross-entropy in nats, accuracies are fractions from 0 to 1. JSON has no NaN or Infinity: a
 * number that is not finite is written as `null`, and `status` says why.
 *
 * A log comes from a disk and may have been written by another version, edited, or damaged: each field is checked, unknown
 * ones are left behind, and nothing deeper than the schema is kept.
 *
 * Glossary: O classes.
 */
import type * as v from "valibot";
import { fields, read, text } from "../shared/fields.ts";
import { type EndRecord, endRecord } from "./end_record.ts";
import { type EpochRecord, epochRecord, isPlainEpoch } from "./epoch_record.ts";
import { type RunRecord, runRecord } from "./run_record.ts";
import {
  type FallbackRecord,
  fallbackRecord,
  type ResumeRecord,
  resumeRecord,
} from "./turn_records.ts";

export type { ConfigValue, Measured } from "../shared/fields.ts";
export type { EndRecord, PerClassRecord, PredictionsRecord, RunStatus } from "./end_record.ts";
export type { EpochRecord } from "./epoch_record.ts";
export type { MetricRecord, MetricValues } from "./metrics.ts";
export type {
  BackendRecord,
  CalibrationRecord,
  FeaturesRecord,
  LayerRecord,
  ProcessesRecord,
  RunDataset,
  RunEnvironment,
  RunRecord,
  TrialMark,
} from "./run_record.ts";
export type { FallbackRecord, ResumeRecord } from "./turn_records.ts";

/**
 * The version of this format, written into every `run` record. Version 2 adds the task, its metrics by name, the layers and
 * what rows consist of; records of version 1 have none of these, and everything else alike.
 */
export const SCHEMA = 2;

export type LogRecord = RunRecord | ResumeRecord | EpochRecord | FallbackRecord | EndRecord;

/** By their types. */
const RECORDS: ReadonlyMap<string, v.GenericSchema<unknown, LogRecord>> = new Map<
  string,
  // deno-lint-ignore no-explicit-any -- each schema reads a record of its own
  any
>([
  ["run", runRecord],
  ["epoch", epochRecord],
  ["fallback", fallbackRecord],
  ["resume", resumeRecord],
  ["end", endRecord],
]);

const anyRecord = fields({ type: text });

/**
 * The record in a parsed line; null where its type is one that this version does not know.
 *
 * @throws {FieldError} If it is no record, or a field of it is missing or of the wrong type.
 */
export function toRecord(value: unknown): LogRecord | null {
  if (isPlainEpoch(value)) return value;
  const schema = RECORDS.get(read(anyRecord, value, "the record").type);
  return schema ? read(schema, value, "the record") : null;
}
