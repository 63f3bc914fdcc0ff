/** What a search may vary: the options of `train`, as its own command line reads them. */
import { UsageError } from "../errors.ts";
import type { TrialRecord } from "../run_log/search_schema.ts";
import { trialArguments } from "../run_log/trial_command.ts";
import { TrialDraws, type TrialOptions, valueAt } from "../search/draws.ts";
import {
  type Dimension,
  optionText,
  type OptionValue,
  parseSpace,
  type ReservedOptions,
  type SearchSpace,
  type SpaceOption,
} from "../search/space.ts";
import { resolveConfig, type TrainConfig } from "../train/config.ts";
import { givenConfig } from "./given_config.ts";
import { debugOption, jsonOption, trainOptions } from "./options.ts";

/** Options of `train` that are not a trial's own. */
const RESERVED: ReservedOptions = {
  run: "every trial is a run named after the search; leave it out",
  resume: "every trial begins anew; leave it out",
  threads: "every trial has one thread; --workers says how many are trained at once",
  "data-dir": "all trials have the same data; give --data-dir to the search itself",
  "checkpoint-every": "it decides nothing about a trial; leave it out",
  seeds: "a trial is one run; vary seed itself",
  folds: "a trial is one run; leave it out",
  language: "it decides nothing about a trial; leave it out",
  json: "it decides nothing about a trial; leave it out",
  debug: "it decides nothing about a trial; leave it out",
};

/** Trials that are tried for one in which a value can be used. */
const TRIES = 64;

/** Where a range is tried besides its bounds, so that one of real numbers is told from one of whole numbers. */
const INSIDE = Math.SQRT1_2;

const OPTIONS = [...trainOptions, jsonOption, debugOption];

/**
 * Reads a space and makes sure that each of its values can be trained with.
 *
 * @param source what to call it in errors
 * @throws {UsageError} one line on the first thing that is wrong with it
 */
export function readSpace(text: string, source: string): SearchSpace {
  const options = OPTIONS.filter((option) =>
    !option.hidden && !Object.hasOwn(RESERVED, nameOf(option))
  ).map((option): SpaceOption => ({
    name: nameOf(option),
    isFlag: option.isBoolean(),
    check: (text) => void option.parseArg?.(text, undefined),
  }));
  const space = parseSpace(text, source, options, RESERVED);
  for (const dimension of space) requireUsable(space, dimension, source);
  return space;
}

/** A value is refused where no trial can be trained with it: then it is out of its own range, whatever the others are. */
function requireUsable(space: SearchSpace, dimension: Dimension, source: string): void {
  const { option, kind, values } = dimension;
  const tried: OptionValue[] = [...values];
  if (kind !== "fixed" && kind !== "choice") tried.push(valueAt(dimension, INSIDE));
  for (const value of tried) {
    const fixed = { option, kind: "fixed", values: [value] } as const;
    const draws = new TrialDraws(space.map((it) => it.option === option ? fixed : it), 0);
    let reason: string | null = null;
    for (let i = 0; i < TRIES; i++) {
      const trial = draws.next();
      if (!trial) break;
      reason = whyUnusable(trial);
      if (reason === null) break;
    }
    if (reason !== null) {
      throw new UsageError(
        `Cannot search "${option}" in ${source}: with ${JSON.stringify(value)} no trial can be ` +
          `trained: ${reason}`,
      );
    }
  }
}

function whyUnusable(trial: TrialOptions): string | null {
  try {
    configOf(trial);
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/**
 * What a trial would be trained with.
 *
 * @throws {UsageError} where an option cannot be used
 */
export function configOf(trial: TrialOptions): TrainConfig {
  const given: Record<string, unknown> = {};
  for (const option of OPTIONS) {
    const name = nameOf(option);
    if (!Object.hasOwn(trial, name)) continue;
    const text = optionText(trial[name]);
    given[option.attributeName()] = option.isBoolean()
      ? trial[name] !== Boolean(option.negate)
      : option.parseArg?.(text, undefined) ?? text;
  }
  const { preset } = given as { preset?: string };
  return resolveConfig(givenConfig(given), preset);
}

/** A trial as arguments of `train`. What is false is said where `train` has an option for that: a preset may have it. */
export function argumentsOf(options: TrialRecord["options"]): string[] {
  const negations = OPTIONS.filter(({ negate }) => negate).map(nameOf);
  const said = Object.keys(options).filter((name) => options[name] === false)
    .map((name) => `no-${name}`).filter((name) => negations.includes(name));
  return [...trialArguments(options), ...said.map((name) => `--${name}`)];
}

/** "learning-rate" of "--learning-rate". */
function nameOf({ long }: { readonly long?: string }): string {
  return long?.slice(2) ?? "";
}
