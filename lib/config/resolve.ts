/** From what is given to a whole configuration, checked. */
import { UsageError } from "../errors.ts";
import { requireNormalizable } from "./batch_norm_checks.ts";
import { OPTION_LIST, type OptionName, OPTIONS, type TrainConfig } from "./options.ts";
import { DEFAULTS, PRESETS } from "./presets.ts";
import { requireApplicable } from "./scope.ts";

/** The options among `values` that are not undefined; all else is left out. */
export function optionsIn(values: Readonly<Record<string, unknown>>): Partial<TrainConfig> {
  const given = OPTION_LIST.filter(({ name }) => values[name] !== undefined);
  return Object.fromEntries(given.map(({ name }) => [name, values[name]]));
}

/**
 * The preset's configuration with `overrides` in place of its own values.
 *
 * @throws {UsageError} if the preset or an option is unknown, or a value is out of range
 */
export function resolveConfig(
  overrides: Partial<TrainConfig> = {},
  preset: string = "baseline",
): TrainConfig {
  return checked(mergeConfig(overrides, preset));
}

/**
 * As `resolveConfig`, for somebody who types options: one that would change nothing is a mistake.
 *
 * @param options the given ones, among others that are no options of a configuration
 * @throws {UsageError} also if an option was given and has no effect
 */
export function requestedConfig(options: Partial<TrainConfig>, preset: string): TrainConfig {
  const given = optionsIn(options);
  const config = resolveConfig(given, preset);
  requireApplicable(given, config);
  return config;
}

/**
 * The configuration that a log or a state has, perhaps of a version with fewer options.
 *
 * @throws {UsageError} if an option is unknown, or a value is out of range
 */
export function recordedConfig(recorded: Partial<TrainConfig>): TrainConfig {
  requireKnown(recorded);
  return checked({ ...DEFAULTS, ...optionsIn(recorded) });
}

/**
 * As `resolveConfig`, but unchecked.
 *
 * @throws {UsageError} if the preset or an option is unknown
 */
export function mergeConfig(overrides: Partial<TrainConfig>, preset = "baseline"): TrainConfig {
  if (!Object.hasOwn(PRESETS, preset)) {
    const known = Object.keys(PRESETS).join(", ");
    throw new UsageError(`Cannot train with the preset "${preset}": presets are ${known}`);
  }
  requireKnown(overrides);
  const given = optionsIn(overrides);
  return {
    ...PRESETS[preset as keyof typeof PRESETS],
    ...(given.patience ? { restoreBest: true } : {}),
    ...replacedBy(given),
    ...given,
  };
}

function requireKnown(config: object): void {
  for (const [name, value] of Object.entries(config)) {
    if (value === undefined || Object.hasOwn(OPTIONS, name)) continue;
    throw new UsageError(
      `Cannot train with the option "${name}": options are ${Object.keys(OPTIONS).join(", ")}`,
    );
  }
}

/** The defaults of options that others, which are given, take the place of. */
function replacedBy(given: Partial<TrainConfig>): Partial<TrainConfig> {
  const names = OPTION_LIST.filter(({ name, replaces }) => replaces && name in given)
    .map(({ unless }) => unless!);
  return Object.fromEntries(names.map((name) => [name, DEFAULTS[name]]));
}

/** @throws {UsageError} if the option cannot have that value */
export function requireValue<Name extends OptionName>(name: Name, value: TrainConfig[Name]): void {
  OPTIONS[name].check(value, name);
}

function checked(config: TrainConfig): TrainConfig {
  for (const { name } of OPTION_LIST) requireValue(name, config[name]);
  // Rows are not known yet, but with batches of one there is no other.
  requireNormalizable(config, config.batchSize);
  return config;
}
