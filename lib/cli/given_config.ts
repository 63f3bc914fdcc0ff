/** What of a run's configuration the user gave. */
import { PRESETS, type TrainConfig } from "../train/config.ts";

/** The options that are the configuration's and not undefined. */
export function givenConfig(options: Partial<TrainConfig>): Partial<TrainConfig> {
  const keys = Object.keys(PRESETS.baseline) as (keyof TrainConfig)[];
  const given = keys.filter((key) => options[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, options[key]]));
}
