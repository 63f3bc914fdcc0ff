/** The configuration of a run whose rows are known. */
import { adaptedTo } from "../config/adapted.ts";
import type { TrainConfig } from "../config/options.ts";
import type { RunOptions } from "./options.ts";
import { chooseRows } from "./rows.ts";

/**
 * With the options that follow from the number of training rows. What is adapted already stays as it is.
 *
 * @throws {UsageError | WeftError} as `chooseRows`
 */
export function adaptedConfig(options: RunOptions, config: TrainConfig): TrainConfig {
  if (config.adapt.length === 0) return config;
  return adaptedTo(chooseRows(options, config).train.length, config);
}
