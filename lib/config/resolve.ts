/** From what is given to a whole configuration, checked. */
import { UsageError } from "../errors.ts";
import { requireNormalizable } from "./batch_norm_checks.ts";
import type { Option } from "./option.ts";
import { OPTION_LIST, type OptionName, OPTIONS, type TrainConfig } from "./options.ts";
import { DEFAULTS, type Preset, PRESETS } from "./presets.ts";
import { requireApplicable } from "./scope.ts";

/**
 * The options among `values` that are not undefined, each in the one way of saying its value; all else is left out.
 *
 * @throws {UsageError} if a text is none of its option's language
 */
export function optionsIn(values: Readonly<Record<string, unknown>>): Partial<TrainConfig> {
  const given = OPTION_LIST.filter(({ name }) => values[name] !== undefined);
  return Object.fromEntries(
    given.map(({ name, canonical = (value) => value }) => [name, canonical(values[name])]),
  );
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
  requireKnown(overrides);
  return checked(mergeConfig(overrides, presetNamed(preset)));
}

/**
 * As `resolveConfig`, for somebody who types options: one that would change nothing is a mistake.
 *
 * @param options the given ones, perhaps among others that are no options of a configuration
 * @throws {UsageError} also if an option has no effect
 */
export function requestedConfig(options: Partial<TrainConfig>, preset: string): TrainConfig {
  const given = optionsIn(options);
  const config = mergeConfig(given, presetNamed(preset));
  requireApplicable(given, config);
  return checked(config);
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

/** @throws {UsageError} if there is none of that name */
export function presetNamed(name: string): TrainConfig {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name as Preset];
  const known = Object.keys(PRESETS).join(", ");
  throw new UsageError(`Cannot train with the preset "${name}": presets are ${known}`);
}

/**
 * `base` with `overrides` in place of its own values, unchecked.
 *
 * @throws {UsageError} if an override is none of its option's language
 */
export function mergeConfig(overrides: Partial<TrainConfig>, base: TrainConfig): TrainConfig {
  const given = optionsIn(overrides);
  const replaced = (Object.keys(given) as OptionName[]).flatMap((name) => {
    const { replaces, unless }: Option<unknown> = OPTIONS[name];
    return replaces ? [[unless!, DEFAULTS[unless!]] as const] : [];
  });
  return {
    ...base,
    // A preset's patience has nothing to go by then.
    ...(given.validation === 0 ? { patience: 0, restoreBest: false } : {}),
    // A value that somebody asks for is no upper limit.
    adapt: base.adapt.filter((name) => given[name] === undefined),
    ...(given.patience ? { restoreBest: true } : {}),
    ...Object.fromEntries(replaced),
    ...given,
  };
}

/** @throws {UsageError} if the option cannot have that value */
export function requireValue<Name extends OptionName>(name: Name, value: TrainConfig[Name]): void {
  OPTIONS[name].check(value, name);
}

function requireKnown(config: object): void {
  for (const [name, value] of Object.entries(config)) {
    if (value === undefined || Object.hasOwn(OPTIONS, name)) continue;
    const known = Object.keys(OPTIONS).join(", ");
    throw new UsageError(`Cannot train with the option "${name}": options are ${known}`);
  }
}

function checked(config: TrainConfig): TrainConfig {
  for (const { name } of OPTION_LIST) requireValue(name, config[name]);
  requireShardsOfBatch(config);
  // Rows are not known yet, but with batches of one there is no other.
  requireNormalizable(config, config.batchSize);
  return config;
}

function requireShardsOfBatch({ shards, batchSize }: TrainConfig): void {
  if (shards <= batchSize) return;
  throw new UsageError(
    `Cannot train with ${shards} shards of batches of ${batchSize}: a shard has a row at least; ` +
      "use fewer shards, or a larger batch size",
  );
}
