/** Options that say what data is, and what is to be learned from it: columns of a table, arrays of a file, images, windows. */
import { Option } from "commander";
import { type Impute, IMPUTES } from "../../dataset/preprocessing/planned_columns.ts";
import { TASK_NAMES, type TaskName } from "../../dataset/samples.ts";
import type { ImageSize } from "../../images/decode_files.ts";
import { choiceOption, numberOption, valueOption } from "./values.ts";

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
  /** Rows of a window, from one to the next, and between those of two parts. */
  readonly window?: number;
  readonly stride?: number;
  readonly gap?: number;
  /** Names of arrays in an NPZ, or files. */
  readonly inputs?: string;
  readonly testInputs?: string;
  readonly testTarget?: string;
  /** As typed: "32x48", height by width. */
  readonly size?: string;
  readonly channels?: "1" | "3";
  readonly skipBroken?: boolean;
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
  "window",
  "stride",
  "gap",
  "inputs",
  "testInputs",
  "testTarget",
  "size",
  "channels",
  "skipBroken",
] as const satisfies readonly (keyof TableOptions)[];

/** The words for DATA. */
export const DATA_ARGUMENT = "[data]";

export const TABLE_FILES =
  "a table (.csv, .tsv, .jsonl, .gz of each, .parquet, - for standard input)";

/** All that DATA may be, but for folders with IDX files. */
export const DATA_FILES =
  `${TABLE_FILES}, arrays (.npz, .npy, IDX), a folder of images (CLASS/*.png, .jpg, .webp)`;

/** `--split-by` of splitBy. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, "-$&").toLowerCase()}`;

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

/** How a size is read. */
export function imageSize(text: string): ImageSize | undefined {
  const [, height, width] = /^(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
  return height === undefined ? undefined : { height: Number(height), width: Number(width) };
}

const size = {
  read: (text: string) => imageSize(text) && text,
  form: () => "height x width in pixels, such as 32x32",
};

export const windowOptions = [
  numberOption("--window <n>", "learn from so many rows in order, not from each alone", "50"),
  numberOption("--stride <n>", "rows from a window to the next (default: the window's)", "25"),
  numberOption("--gap <n>", "rows between windows of different parts (default: 0)", "50"),
].map((option) => option.helpGroup("Windows of a table:"));

export const arrayOptions = [
  new Option("--inputs <name>", "array of an .npz to learn from; --target names the other"),
  new Option("--test-inputs <name>", "array of an .npz, or an .npy or IDX file, to test with"),
  new Option("--test-target <name>", "likewise what is right for those"),
].map((option) => option.helpGroup("Arrays:"));

export const imageOptions = [
  valueOption("--size <HxW>", "make images of a folder this size (default: that of all)", size),
  choiceOption("--channels <n>", "1 for gray, 3 for colors (default: 3 if any has colors)", [
    "1",
    "3",
  ]),
  new Option("--skip-broken", "leave out images that cannot be read, and name them"),
].map((option) => option.helpGroup("Folders of images:"));

/** What `train`, `search` and `data` take to say what data is. */
export const dataFileOptions = [
  ...tableOptions,
  ...windowOptions,
  ...arrayOptions,
  ...imageOptions,
];
