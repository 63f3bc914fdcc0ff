/** Options of `train`. */
import { Option } from "commander";
import type { TrainConfig } from "../../config/options.ts";
import type { Preset } from "../../config/presets.ts";
import type { TrialMark } from "../../run_log/run/records.ts";
import type { CheckpointInterval } from "../../train/options.ts";
import {
  backendOptions,
  type CommonOptions,
  dataDirOption,
  languageOption,
  runOption,
} from "./common.ts";
import { dataFileOptions, type TableOptions } from "./tables.ts";
import { trainingOptions } from "./training.ts";
import {
  checkpointInterval,
  frozenLayers,
  numberOption,
  trialMark,
  valueOption,
} from "./values.ts";

/** Options as commander hands them over; what the user left out is undefined. */
export interface TrainCommandOptions extends Partial<TrainConfig>, TableOptions, CommonOptions {
  /** A table: "-", or a path that can be read. */
  readonly data?: string;
  /** Name of the run, or file, whose model to begin with; and which of its layers stay as they are. */
  readonly from?: string;
  readonly freeze?: number | readonly string[];
  readonly preset?: Preset;
  readonly run?: string;
  /** Name of the run to continue with. */
  readonly resume?: string;
  readonly checkpointEvery?: CheckpointInterval;
  /** How many runs to train, with a seed or a validation part each. */
  readonly seeds?: number;
  readonly folds?: number;
  /** Given by `search`: the epoch after which the trial makes way. */
  readonly trialUntil?: number;
  /** Given by `search`: what it knows the run by. */
  readonly trialOf?: TrialMark;
}

export const trainOptions = [
  ...trainingOptions(),
  ...dataFileOptions,
  new Option(
    "--from <model>",
    "begin with a model: its weights, its layers and what it does to rows; a run or a file",
  ),
  valueOption(
    "--freeze <layers>",
    "keep layers as they are: so many from the input side, or names such as layers.0",
    frozenLayers,
  ),
  numberOption("--seeds <n>", "train so many runs, with seeds from --seed on", "5"),
  numberOption("--folds <n>", "cross-validate: train so many runs, each validated elsewhere", "5"),
  ...backendOptions,
  dataDirOption,
  runOption,
  new Option(
    "--resume <run>",
    "resume a run that was interrupted or killed, to the same bits",
  ),
  valueOption(
    "--checkpoint-every <n>",
    "epochs, or seconds as in 30s, between two places to continue from (default: 1)",
    checkpointInterval,
  ),
  languageOption,
  // What `search` starts `train` with: it ends after that epoch, as after Ctrl-C, and as soon as its standard input ends,
  // which also tells it that the search is gone.
  numberOption("--trial-until <epoch>", "as a trial of a search", "9").hideHelp(),
  // What a trial writes into its log, so that the search knows its run again.
  valueOption("--trial-of <search:trial>", "as a trial of a search", trialMark).hideHelp(),
];
