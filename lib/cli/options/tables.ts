/** Options that say what a table's columns are, and what is to be learned from them. */
import { Option } from "commander";
import { type Impute, IMPUTES } from "../../dataset/preprocessing/planned_columns.ts";
import { TASK_NAMES, type TaskName } from "../../dataset/samples.ts";
import { choiceOption, numberOption } from "./values.ts";

/** As commander hands them over; what the user left out is undefined. */
export interface TableOptions {
  /** Texts as typed, one each time that the option was given: a name may have a comma. */
  readonly target?: readonly string[];
  readonly task?: TaskName | "auto";
  readonly positive?: string;
  readonly separator?: string;
  readonly ignore?: readonly string[];
  readonly numbers?: readonly string[];
  readonly categories?: readonly string[];
  readonly impute?: Impute;
  readonly weights?: string;
  readonly splitBy?: string;
  readonly splitLast?: number;
  /** A file, or a fraction of the rows. */
  readonly test?: string;
}

/** In the order in which help and logs name them. */
export const TABLE_OPTION_NAMES = [
  "target",
  "task",
  "test",
  "positive",
  "separator",
  "ignore",
  "numbers",
  "categories",
  "impute",
  "weights",
  "splitBy",
  "splitLast",
] as const satisfies readonly (keyof TableOptions)[];

/** The words for DATA. */
export const DATA_ARGUMENT = "[data]";

export const TABLE_FILES =
  "a table (.csv, .tsv, .jsonl, .gz of each, .parquet, - for standard input)";

function namesOption(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be given again`)
    .argParser((text: string, before: readonly string[] = []) => [...before, text]);
}

export const tableOptions = [
  namesOption("--target <a,b,...>", "column to predict; several for several numbers or labels"),
  choiceOption("--task <name>", "what to learn (default: auto, by the target's cells)", [
    "auto",
    ...TASK_NAMES,
  ]),
  new Option(
    "--test <file|fraction>",
    "rows for the final test: another table, or a part of these such as 0.2",
  ),
  new Option("--positive <value>", "of binary tasks: the value that counts as a yes"),
  new Option("--separator <text>", "between the labels of a cell: makes the task multi-label"),
  namesOption("--ignore <a,b,...>", "columns to leave out"),
  namesOption("--numbers <a,b,...>", "columns to take for numbers"),
  namesOption("--categories <a,b,...>", "columns to take for categories, even if they are numbers"),
  choiceOption("--impute <how>", "what stands for missing numbers (default: median)", IMPUTES),
  new Option("--weights <column>", "column that says what each row counts"),
  new Option("--split-by <column>", "column of groups that no split takes apart"),
  numberOption("--split-last <f>", "validate with the last rows of the file: such a part", "0.2"),
].map((option) => option.helpGroup("Tables:"));
