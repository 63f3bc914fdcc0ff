/** What of a run's configuration the user gave. */
import { PRESETS, resolveConfig, type TrainConfig } from "../train/config.ts";
import { requireEffect } from "../train/effects.ts";

/** The options that are the configuration's and not undefined. */
export function givenConfig(options: Partial<TrainConfig>): Partial<TrainConfig> {
  const keys = Object.keys(PRESETS.baseline) as (keyof TrainConfig)[];
  const given = keys.filter((key) => options[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, options[key]]));
}

/**
 * The preset's configuration with what the user gave in place of its own values.
 *
 * @throws {UsageError} where a value is out of its range, or was given and has no effect
 */
export function configFor(options: Partial<TrainConfig>, preset: string): TrainConfig {
  const given = givenConfig(options);
  const config = resolveConfig(given, preset);
  requireEffect(given, config);
  return config;
}
