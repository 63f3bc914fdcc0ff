/**
 * Reads `search.json`, which may come from a stranger. Whatever it holds, reading it does not throw: every field is checked,
 * lists and texts are no longer than honest ones, unknown fields are left behind, and a file that cannot be used is refused
 * with the reason.
 */

import {
  amount,
  count,
  entries,
  FieldError,
  isConfigValue,
  isText,
  items,
  kind,
  MAX_TEXT,
  measured,
  object,
  oneOf,
  parseJson,
  shortText,
  truth,
} from "../shared/fields.ts";
import type { ConfigValue, Measured } from "../run/records.ts";
import {
  DIMENSION_KINDS,
  type DimensionRecord,
  METRICS,
  type RungRecord,
  type Search,
  SEARCH_SCHEMA,
  SEARCH_STATUSES,
  STRATEGIES,
  TRIAL_STATUSES,
  type TrialRecord,
} from "./search.ts";

/** The longest file that is read, in UTF-16 units: 10,000 trials of a dozen options have a third of it. */
export const MAX_SEARCH_LENGTH = 16 * 1024 * 1024;

/** As many trials as a search may have. */
export const MAX_TRIALS = 10_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A search, or in a sentence without a full stop why there is none. */
export type SearchFile =
  | { readonly search: Search; readonly problem: null }
  | { readonly search: null; readonly problem: string };

/**
 * @param file its bytes or its text
 *
 * @example
 * ```ts
 * import { readSearch } from "./search_reader.ts";
 *
 * const { search, problem } = readSearch("{}");
 * if (!search) console.log(problem); // type must be "search", and is missing
 * ```
 */
export function readSearch(file: string | Uint8Array): SearchFile {
  try {
    return { search: toSearch(parse(file)), problem: null };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { search: null, problem: error.message };
  }
}

function parse(file: string | Uint8Array): unknown {
  if (file.length > MAX_SEARCH_LENGTH) {
    throw new FieldError(
      `it is ${file.length} long; the longest that is read is ${MAX_SEARCH_LENGTH}`,
    );
  }
  return parseJson(file);
}

function toSearch(value: unknown): Search {
  const record = object(value, "the search");
  if (record.type !== "search") {
    throw new FieldError(`type must be "search", and is ${kind(record.type)}`);
  }
  const schema = count(record.schema, "schema");
  if (schema !== SEARCH_SCHEMA) {
    throw new FieldError(`its schema is ${schema}, and ${SEARCH_SCHEMA} is what can be read`);
  }
  const dataset = object(record.dataset, "dataset");
  return {
    type: "search",
    schema,
    status: oneOf(SEARCH_STATUSES, record.status, "status"),
    ...(record.id === undefined ? {} : { id: toId(record.id) }),
    name: shortText(record.name, "name"),
    startedAt: shortText(record.startedAt, "startedAt"),
    totalMs: elapsed(record.totalMs, "totalMs"),
    strategy: oneOf(STRATEGIES, record.strategy, "strategy"),
    metric: oneOf(METRICS, record.metric, "metric"),
    seed: count(record.seed, "seed"),
    trialsAsked: record.trialsAsked === null ? null : count(record.trialsAsked, "trialsAsked"),
    timeMs: amount(record.timeMs, "timeMs"),
    workers: count(record.workers, "workers"),
    dataDir: record.dataDir === null ? null : shortText(record.dataDir, "dataDir"),
    dataset: {
      name: shortText(dataset.name, "dataset.name"),
      sha256: entries(dataset.sha256, "dataset.sha256", isText),
    },
    bracketSize: count(record.bracketSize, "bracketSize"),
    rungs: items(record.rungs, "rungs", toRung),
    space: items(record.space, "space", toDimension),
    trials: items(record.trials, "trials", toTrial, MAX_TRIALS),
    ...(record.bestArguments === undefined
      ? {}
      : { bestArguments: items(record.bestArguments, "bestArguments", shortText) }),
  };
}

function toId(value: unknown): string {
  const id = shortText(value, "id");
  if (UUID.test(id)) return id;
  throw new FieldError(`id must be a UUID, and is ${kind(id)}`);
}

/** Null also below zero, which a clock that was set back has led earlier versions to write. */
function elapsed(value: unknown, path: string): Measured {
  const ms = measured(value, path);
  return ms !== null && ms < 0 ? null : ms;
}

function toRung(value: unknown, path: string): RungRecord {
  const record = object(value, path);
  return {
    epochs: count(record.epochs, `${path}.epochs`),
    trials: count(record.trials, `${path}.trials`),
  };
}

function toDimension(value: unknown, path: string): DimensionRecord {
  const record = object(value, path);
  const dimension = {
    option: shortText(record.option, `${path}.option`),
    kind: oneOf(DIMENSION_KINDS, record.kind, `${path}.kind`),
    values: items(record.values, `${path}.values`, toConfigValue),
  };
  if (dimension.kind === "choice") return dimension;
  const numbers = dimension.values.filter((value) => typeof value === "number");
  const [least, greatest] = numbers;
  const [wanted, what] = dimension.kind === "fixed"
    ? [dimension.values.length === 1, "one value"]
    : [
      dimension.values.length === 2 && numbers.length === 2 && least < greatest &&
      Number.isFinite(greatest - least),
      "bounds",
    ];
  if (wanted) return dimension;
  throw new FieldError(`${path}.values are not ${what}, which ${dimension.kind} needs`);
}

function toTrial(value: unknown, path: string): TrialRecord {
  const record = object(value, path);
  const at = (field: string) => `${path}.${field}`;
  return {
    trial: count(record.trial, at("trial")),
    run: shortText(record.run, at("run")),
    status: oneOf(TRIAL_STATUSES, record.status, at("status")),
    begun: truth(record.begun, at("begun")),
    options: entries(record.options, at("options"), isShortValue),
    epochs: count(record.epochs, at("epochs")),
    validationLoss: amount(record.validationLoss, at("validationLoss")),
    validationAccuracy: amount(record.validationAccuracy, at("validationAccuracy")),
    scores: items(record.scores, at("scores"), measured),
    ...(record.error === undefined ? {} : { error: shortText(record.error, at("error")) }),
  };
}

function toConfigValue(value: unknown, path: string): ConfigValue {
  if (isShortValue(value)) return value;
  throw new FieldError(`${path} must be the value of an option, and is ${kind(value)}`);
}

function isShortValue(value: unknown): value is ConfigValue {
  return isConfigValue(value) && JSON.stringify(value).length <= MAX_TEXT;
}
