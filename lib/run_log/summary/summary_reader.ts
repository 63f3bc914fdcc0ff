/** Reads a series' summary.json, whatever it holds: each field is checked, and unknown ones are left behind. */
import {
  count,
  entries,
  FieldError,
  isConfigValue,
  items,
  kind,
  measured,
  object,
  oneOf,
  parseJson,
  text,
} from "../shared/fields.ts";
import { STATUSES } from "../run/records.ts";
import {
  SERIES_KINDS,
  type Summary,
  SUMMARY_MEASURES,
  SUMMARY_SCHEMA,
  type SummaryMeasure,
  type SummaryRun,
  type SummaryStatistics,
} from "./summary.ts";

/** An honest one of a thousand runs has a fifth of it. */
const MAX_SUMMARY_BYTES = 2 * 1024 * 1024;
const MAX_RUNS = 1000;

/** A summary, or in a sentence without a full stop why there is none. */
export type SummaryFile =
  | { readonly summary: Summary; readonly problem: null }
  | { readonly summary: null; readonly problem: string };

/** @param file its bytes or its text */
export function readSummary(file: string | Uint8Array): SummaryFile {
  try {
    return { summary: toSummary(parse(file)), problem: null };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { summary: null, problem: error.message };
  }
}

function parse(file: string | Uint8Array): unknown {
  if (file.length > MAX_SUMMARY_BYTES) {
    throw new FieldError(
      `it has ${file.length} bytes; the most that is read is ${MAX_SUMMARY_BYTES}`,
    );
  }
  return parseJson(file);
}

function toSummary(value: unknown): Summary {
  const record = object(value, "the summary");
  if (record.type !== "summary") {
    throw new FieldError(`type must be "summary", and is ${kind(record.type)}`);
  }
  const schema = count(record.schema, "schema");
  if (schema > SUMMARY_SCHEMA) {
    throw new FieldError(`its schema is ${schema}, newer than ${SUMMARY_SCHEMA}`);
  }
  const statistics = object(record.statistics, "statistics");
  return {
    type: "summary",
    schema,
    name: text(record.name, "name"),
    kind: oneOf(SERIES_KINDS, record.kind, "kind"),
    status: oneOf(["running", "completed", "interrupted"], record.status, "status"),
    startedAt: text(record.startedAt, "startedAt"),
    config: entries(record.config, "config", isConfigValue),
    runCount: count(record.runCount, "runCount"),
    runs: items(record.runs, "runs", toRun, MAX_RUNS),
    statistics: byMeasure((name) => toStatistics(statistics[name], `statistics.${name}`)),
  };
}

function toRun(value: unknown, path: string): SummaryRun {
  const fields = object(value, path);
  const countOrNull = (name: string) =>
    fields[name] === null ? null : count(fields[name], `${path}.${name}`);
  return {
    name: text(fields.name, `${path}.name`),
    seed: count(fields.seed, `${path}.seed`),
    fold: countOrNull("fold"),
    status: oneOf(STATUSES, fields.status, `${path}.status`),
    epochs: count(fields.epochs, `${path}.epochs`),
    bestEpoch: countOrNull("bestEpoch"),
    ...byMeasure((name) => measured(fields[name], `${path}.${name}`)),
  };
}

function toStatistics(value: unknown, path: string): SummaryStatistics {
  const fields = object(value, path);
  return {
    count: count(fields.count, `${path}.count`),
    mean: measured(fields.mean, `${path}.mean`),
    standardDeviation: measured(fields.standardDeviation, `${path}.standardDeviation`),
    least: measured(fields.least, `${path}.least`),
    most: measured(fields.most, `${path}.most`),
  };
}

function byMeasure<T>(of: (name: SummaryMeasure) => T): Record<SummaryMeasure, T> {
  const all = SUMMARY_MEASURES.map((name) => [name, of(name)]);
  return Object.fromEntries(all);
}
