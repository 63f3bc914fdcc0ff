/** Options of `search`: without defaults, because a search that is resumed has its own. */
import { Option } from "commander";
import { FIRST_METRICS } from "../../run_log/search/measure.ts";
import { STRATEGIES, type Strategy } from "../../run_log/search/search.ts";
import { METRICS } from "../../task/mod.ts";
import { dataDirOption } from "./common.ts";
import { natsOption, tiedOption } from "./nats.ts";
import { dataFileOptions, type TableOptions } from "./tables.ts";
import {
  choiceOption,
  duration,
  launcher,
  numberOption,
  pathOption,
  valueOption,
} from "./values.ts";

/** Options as commander hands them over; what the user left out is undefined. */
export interface SearchCommandOptions extends TableOptions {
  /** A table: a path that can be read. */
  readonly data?: string;
  readonly space?: string;
  readonly trials?: number;
  /** In milliseconds. */
  readonly time?: number;
  readonly strategy?: Strategy;
  readonly metric?: string;
  readonly seed?: number;
  readonly workers?: number;
  /** A program that starts trials, and its arguments. */
  readonly launcher?: readonly string[];
  /** Address of a server by way of which workers on other machines train the trials. */
  readonly nats?: string;
  readonly tied?: boolean;
  readonly name?: string;
  readonly resume?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly debug?: boolean;
}

export const searchOptions = [
  pathOption("--space <file>", "JSON file that says which options of train to vary, and how"),
  numberOption("--trials <n>", "trials to draw (default: 27, or what --time allows)", "27"),
  valueOption("--time <duration>", "how long it may take, such as 90s, 10m or 2h", duration),
  choiceOption(
    "--strategy <name>",
    "halving: the best third continues with more epochs; random: all train to their ends " +
      "(default: halving)",
    STRATEGIES,
  ),
  choiceOption(
    "--metric <name>",
    "of the task, to compare trials by on the validation rows (default: validation-loss)",
    [...FIRST_METRICS.keys(), ...METRICS.map(({ name }) => name)],
  ),
  numberOption("--seed <n>", "draws the trials (default: 0)", "0"),
  numberOption(
    "--workers <n>",
    "trials at once, of one thread each (default: the processors; with --nats 256)",
    "2",
  ),
  valueOption(
    "--launcher <command>",
    "start trials with a program that puts them on other machines, which share this folder",
    launcher,
    '"srun --nodes=1 --ntasks=1 --exact"',
  ),
  natsOption("let workers on other machines train (search:worker), by way of a NATS server"),
  tiedOption,
  new Option(
    "--name <name>",
    "name of the search's folder below runs/, and of its trials' before their numbers (default: " +
      "search- and the time)",
  ),
  new Option("--resume <name>", "resume a search that was interrupted or killed"),
  dataDirOption,
  ...dataFileOptions,
];
