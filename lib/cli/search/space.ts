/** What a search may vary: the options of `train`, as its own command line reads them. */
import { OPTION_LIST, type TrainConfig } from "../../config/options.ts";
import { mergeConfig, optionsIn, presetNamed, resolveConfig } from "../../config/resolve.ts";
import { appliesTo } from "../../config/scope.ts";
import { UsageError } from "../../errors.ts";
import type { TrialRecord } from "../../run_log/search/search.ts";
import { trialArguments } from "../../run_log/search/trial_command.ts";
import { TrialDraws, type TrialOptions, valueAt } from "../../search/draws.ts";
import {
  type Dimension,
  optionText,
  type OptionValue,
  parseSpace,
  type ReservedOptions,
  type SearchSpace,
  type SpaceOption,
} from "../../search/space.ts";
import { tableOptions } from "../options/tables.ts";
import { trainOptions } from "../options/train.ts";

/** Options of `train` that are not a trial's own. */
const RESERVED: ReservedOptions = {
  run: "every trial is a run named after the search; leave it out",
  runs: "all trials are in the search's own folder of runs; give --runs to the search itself",
  resume: "every trial begins anew; leave it out",
  threads: "every trial has one thread; --workers says how many are trained at once",
  "data-dir": "all trials have the same data; give --data-dir to the search itself",
  ...Object.fromEntries(tableOptions.map((option) => [
    nameOf(option),
    `all trials have the same data; give --${nameOf(option)} to the search itself`,
  ])),
  "checkpoint-every": "it decides nothing about a trial; leave it out",
  seeds: "a trial is one run; vary seed itself",
  folds: "a trial is one run; leave it out",
  language: "it decides nothing about a trial; leave it out",
  json: "it decides nothing about a trial; leave it out",
  version: "it decides nothing about a trial; leave it out",
  debug: "it decides nothing about a trial; leave it out",
  "trial-until": "the search decides how far a trial trains; leave it out",
};

/** Trials that are tried for one in which a value can be used. */
const TRIES = 64;

/** Where a range is tried besides its bounds, so that one of real numbers is told from one of whole numbers. */
const INSIDE = Math.SQRT1_2;

/** What a trial may be given. */
const OF_TRIALS = trainOptions.filter((option) => !Object.hasOwn(RESERVED, nameOf(option))).map((
  option,
): SpaceOption => ({
  name: nameOf(option),
  isFlag: option.isBoolean(),
  check: (text) => option.parseArg?.(text, undefined),
}));

/**
 * Makes sure that a trial of which somebody else says so could have been drawn from a space.
 *
 * @throws {UsageError} where it has another option, or one that cannot be used
 */
export function requireTrialOptions(options: TrialRecord["options"]): void {
  const odd = Object.keys(options).find((name) => !OF_TRIALS.some((known) => known.name === name));
  if (odd !== undefined) {
    throw new UsageError(`Cannot train a trial with "${odd}": no space has it`);
  }
  configOf(options as TrialOptions);
}

/**
 * Reads a space and makes sure that each of its values can be trained with.
 *
 * @param source what to call it in errors
 * @throws {UsageError} one line on the first thing that is wrong with it
 */
export function readSpace(text: string, source: string): SearchSpace {
  const space = parseSpace(text, source, OF_TRIALS, RESERVED);
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
  const { given, preset } = readTrial(trial);
  return resolveConfig(given, preset);
}

/** Its options as `train` reads them. */
function readTrial(trial: TrialOptions) {
  const given: Record<string, unknown> = {};
  for (const option of trainOptions) {
    const name = nameOf(option);
    if (!Object.hasOwn(trial, name)) continue;
    const text = optionText(trial[name]);
    given[option.attributeName()] = option.isBoolean()
      ? trial[name] !== Boolean(option.negate)
      : option.parseArg?.(text, undefined) ?? text;
  }
  return { given: optionsIn(given), preset: String(given.preset ?? "baseline") };
}

/**
 * A trial as arguments of `train`. A flag that is false is turned off, because its preset may have it; an option that has no
 * effect beside the trial's others is left out, because `train` would refuse it.
 */
export function argumentsOf(options: TrialRecord["options"]): string[] {
  const { given, preset } = readTrial(options as TrialOptions);
  const config = mergeConfig(given, presetNamed(preset));
  const idle = OPTION_LIST.filter(({ name }) => !appliesTo(name, config)).map(({ flag }) => flag);
  const used = Object.entries(options).filter(([name]) => !idle.includes(`--${name}`));
  const negations = trainOptions.filter(({ negate }) => negate).map(nameOf);
  const off = used.filter(([, value]) => value === false).map(([name]) => `no-${name}`)
    .filter((name) => negations.includes(name));
  return [...trialArguments(Object.fromEntries(used)), ...off.map((name) => `--${name}`)];
}

/** "learning-rate" of "--learning-rate". */
function nameOf({ long }: { readonly long?: string }): string {
  return long?.slice(2) ?? "";
}
