/**
 * The filter of the list of runs: words and conditions that all must hold, such as `lr>0.05 activation:relu val<0.4 -search:mlp`.
 *
 *     term      = ["-"] ( condition | word )         a minus before it: it must not hold
 *     condition = key ( ":" | "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
 *     value     = text without spaces, or text in double quotes
 *
 * A key is a field, an option (`learningRate`, `learning-rate`), a metric (`validation.loss`, `accuracy` of the test set or,
 * without, of the validation rows), or short for one of them.
 */

import { formatOption } from "../shared/format.ts";
import { mainMetric } from "../shared/metrics.ts";
import type { RunSummary } from "../shared/types.ts";
import { type ColumnKey, type Options, valueOf } from "./list_columns.ts";

/** What a run is asked by: a run, what it belongs to, and how it stands in the list. */
export interface Filtered {
  readonly run: RunSummary;
  /** Such as "dropped". */
  readonly state: string;
  /** The names of its search and of its series; empty without. */
  readonly search: string;
  readonly series: string;
}

type Test = (it: Filtered) => boolean;

export interface Filter {
  readonly passes: Test;
  /** What of it is not understood, in a sentence; null where all is. */
  readonly problem: string | null;
}

const SHORT: Readonly<Record<string, string>> = {
  lr: "learningrate",
  batch: "batchsize",
  val: "validation.loss",
  loss: "validation.loss",
  valid: "validation.loss",
  train: "trainloss",
  acc: "accuracy",
  status: "state",
  started: "startedat",
  speed: "samplespersecond",
  duration: "durationms",
};

const TERM = /(-?)([\w.-]+?)(:|!=|<=|>=|=|<|>)("[^"]*"?|\S+)|(-?)("[^"]*"?|\S+)/g;

/**
 * @param keys of all columns that there are
 * @param text what somebody has typed so far: an unfinished condition is no mistake
 */
export function parseFilter(text: string, keys: readonly ColumnKey[], defaults: Options): Filter {
  const tests: Test[] = [];
  let problem: string | null = null;
  for (const match of text.matchAll(TERM)) {
    const [whole, minus, key, operator, value, minusWord, word] = match;
    if (UNFINISHED.test(whole)) continue;
    const test = key === undefined
      ? hasWord(unquoted(word))
      : condition(key, operator, unquoted(value), keys, defaults);
    if (!test) problem ??= `Nothing is called “${key}”`;
    else tests.push((minus || minusWord) === "-" ? (it) => !test(it) : test);
  }
  return { passes: (it) => tests.every((test) => test(it)), problem };
}

function unquoted(text: string): string {
  return text.replace(/^"|"$/g, "");
}

/** What somebody has not typed to its end. */
const UNFINISHED = /^(-|-?[\w.-]+(:|!|!=|<|<=|>|>=|=))$/;

function hasWord(word: string): Test {
  const wanted = word.toLowerCase();
  return ({ run, state, search, series }) =>
    [run.name, state, run.preset, run.backend, run.adapter, search, series].join("\n")
      .toLowerCase().includes(wanted);
}

const plain = (key: string) => key.toLowerCase().replaceAll("-", "");

/** Null where there is no such key. */
function condition(
  key: string,
  operator: string,
  wanted: string,
  keys: readonly ColumnKey[],
  defaults: Options,
): Test | null {
  const valuesOf = reader(plain(key), keys, defaults);
  if (!valuesOf) return null;
  const compare = comparison(operator, wanted);
  return (it) => compare(valuesOf(it));
}

type Value = ReturnType<typeof valueOf>;

function reader(
  given: string,
  keys: readonly ColumnKey[],
  defaults: Options,
): ((it: Filtered) => Value) | null {
  const key = SHORT[given] ?? given;
  if (key === "state") return ({ state }) => state;
  if (key === "search") return ({ search }) => search;
  if (key === "series") return ({ series }) => series;
  if (key === "name") return ({ run }) => run.name;
  if (key === "test" || key === "metric") {
    return ({ run }) => metricValue(run, mainMetric(run).name, defaults);
  }
  const found = keys.find((candidate) => plain(candidate) === key) ??
    keys.find((candidate) => plain(candidate) === `option.${key}`);
  if (found) {
    // Durations are typed in seconds.
    return found === "durationMs"
      ? ({ run }) => run.durationMs === null ? null : run.durationMs / 1000
      : ({ run }) => valueOf(run, found, defaults);
  }
  const metric = keys.find((candidate) => plain(candidate) === `validation.${key}`);
  if (metric) return ({ run }) => metricValue(run, metric.slice("validation.".length), defaults);
  return null;
}

/** On the test set, or else on the validation rows. */
function metricValue(run: RunSummary, name: string, defaults: Options): Value {
  return valueOf(run, `test.${name}`, defaults) ?? valueOf(run, `validation.${name}`, defaults);
}

function comparison(operator: string, wanted: string): (value: Value) => boolean {
  const percent = /^(-?[\d.]+(?:e[+-]?\d+)?)%$/i.exec(wanted)?.[1];
  const number = percent === undefined ? Number(wanted || NaN) : Number(percent) / 100;
  const text = wanted.toLowerCase();
  const isLike = (value: Value) => {
    if (typeof value === "number" && !Number.isNaN(number)) return value === number;
    const own = formatOption(value).toLowerCase();
    return own === text || own.replaceAll(" ", "") === text.replaceAll(" ", "");
  };
  // Of names and texts a part is enough after a colon.
  const holds = (value: Value) =>
    isLike(value) || (typeof value === "string" && text.length > 1 && isLongName(value) &&
      value.toLowerCase().includes(text));
  switch (operator) {
    case ":":
      return (value) => value !== null && holds(value);
    case "=":
      return (value) => value !== null && isLike(value);
    case "!=":
      return (value) => !isLike(value);
  }
  const orders: Readonly<Record<string, (value: number) => boolean>> = {
    "<": (value) => value < number,
    "<=": (value) => value <= number,
    ">": (value) => value > number,
    ">=": (value) => value >= number,
  };
  const order = orders[operator];
  return (value) => typeof value === "number" && order(value);
}

/** Names of runs and searches are long and have parts; `relu` is no part of `leaky-relu`, but another activation. */
function isLongName(value: string): boolean {
  return value.length > 16;
}
