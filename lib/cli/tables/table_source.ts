/** A table as what runs are trained on: what the user says of it, and what the log says of it. */
import { resolve } from "node:path";
import type { TrainConfig } from "../../config/options.ts";
import type { Fold } from "../../dataset/folds.ts";
import { foldRows, splitRows } from "../../dataset/split_rows.ts";
import type { Table } from "../../dataset/table.ts";
import { datasetOf, pickRows, type TableDataset } from "../../dataset/table_dataset.ts";
import { distinctValues } from "../../dataset/targets/distinct_values.ts";
import { UsageError } from "../../errors.ts";
import type { ConfigValue } from "../../run_log/run/records.ts";
import type { Model } from "../../model/model.ts";
import type { TrainOptions } from "../../train/options.ts";
import { prepareRun } from "../../train/tables/prepare.ts";
import { pathOf, STDIN } from "../data_argument.ts";
import { TABLE_OPTION_NAMES, type TableOptions } from "../options/tables.ts";
import type { PreparedRun, RunSource } from "../run_source.ts";
import { columnNames, possibleNames } from "./column_names.ts";
import { type ReadTable, readTable } from "./read_table.ts";
import { columnsOf, tableLines } from "./table_lines.ts";

/** A table with its target, and the rows for the final test. */
export interface OpenedTable {
  readonly dataset: TableDataset;
  readonly test: TableDataset | Table | null;
  readonly file: ReadTable;
  readonly testFile: ReadTable | null;
  /** The options with their columns' names apart. */
  readonly options: ResolvedOptions;
}

type ResolvedOptions = Omit<TableOptions, "target" | "ignore" | "numbers" | "categories"> & {
  readonly target: readonly string[];
  readonly ignore: readonly string[];
  readonly numbers: readonly string[];
  readonly categories: readonly string[];
};

/**
 * Reads a table, and says what is to be learned from it.
 *
 * @param data a path, or "-"
 * @throws {UsageError} if there is no such column, or it cannot be what it is to be
 * @throws {WeftError} if a file cannot be read, or no row can be learned from
 */
export async function openTable(
  data: string,
  given: TableOptions,
  config: Pick<TrainConfig, "splitSeed">,
  from?: Model,
): Promise<OpenedTable> {
  const fraction = testFraction(given.test);
  if (data === STDIN && given.test === STDIN) {
    throw new UsageError("Cannot read two tables from the standard input: give a file for one");
  }
  const file = await readTable(data, possibleNames(given.ignore));
  const { options, dataset: all } = tableDataset(file, given, from);
  if (fraction === null) {
    const testFile = given.test === undefined
      ? null
      : await readTable(pathOf(given.test), options.ignore);
    return { dataset: all, test: testFile?.table ?? null, file, testFile, options };
  }
  const split = { fraction, seed: config.splitSeed, last: given.splitLast !== undefined };
  const { train, validation } = splitRows(all, split);
  const [dataset, test] = [pickRows(all, train), pickRows(all, validation)];
  return { dataset, test, file, testFile: null, options };
}

/** @throws {UsageError | WeftError} as `datasetOf`; if no target was named, it says which columns there are */
export function tableDataset(
  { table, name }: Pick<ReadTable, "table" | "name">,
  given: TableOptions,
  from?: Model,
): { readonly dataset: TableDataset; readonly options: ResolvedOptions } {
  const said = resolved(given, table);
  const options = from?.preprocessing ? likeModel(said, from, table) : said;
  const { target, ignore, numbers, categories, impute, splitBy: groups } = options;
  const { task, positive, separator, weights } = options;
  if (target.length === 0) throw withoutTarget(name, table);
  const columns = { ignore, numbers, categories, impute };
  const asked = { target, task, positive, separator, weights, groups, columns };
  return { dataset: datasetOf(table, asked), options: said };
}

export function resolved(given: TableOptions, { columns }: Table): ResolvedOptions {
  const names = columns.map(({ name }) => name);
  return {
    ...given,
    target: columnNames(given.target, names),
    ignore: columnNames(given.ignore, names),
    numbers: columnNames(given.numbers, names),
    categories: columnNames(given.categories, names),
  };
}

/** What a model that training begins with says of columns, where the user does not. */
function likeModel(said: ResolvedOptions, from: Model, table: Table): ResolvedOptions {
  const { columns } = table;
  const { columns: inputs, target: { names, separator } } = from.preprocessing!;
  const known = (kind: string) => inputs.filter((it) => it.kind === kind).map(({ name }) => name);
  const isOwn = said.target.length === 0;
  const target = isOwn ? names : said.target;
  const used = new Set([...inputs.map(({ name }) => name), ...target, said.weights, said.splitBy]);
  const present = columns.map(({ name }) => name);
  const [numbers, categories] = [known("number"), known("category")].map((names) =>
    names.filter((name) => present.includes(name) && !target.includes(name))
  );
  const isBinary = from.task === "binary" && isOwn && hasTwoValues(table, target[0]);
  const task = from.task === "binary" && !isBinary ? "classification" : from.task;
  return {
    ...said,
    target,
    separator: said.separator ?? (isOwn ? separator : undefined),
    task: said.task ?? (isOwn ? task ?? "classification" : undefined),
    positive: said.positive ?? (isBinary ? from.classNames[1] : undefined),
    ignore: present.filter((name) => !used.has(name)),
    numbers,
    categories,
  };
}

function hasTwoValues({ columns, rows }: Table, name: string): boolean {
  const column = columns.find((column) => column.name === name);
  if (!column) return true;
  return column.kind !== "vector" && distinctValues(column, rows).values.length <= 2;
}

/** The last column is what files mostly are made to predict. */
function withoutTarget(name: string, { columns }: Table): UsageError {
  const names = columns.map((column) => column.name);
  const shown = names.length <= 12
    ? names.join(", ")
    : `${names.slice(0, 12).join(", ")} and ${names.length - 12} more`;
  return new UsageError(
    `Cannot train on ${name} without a target: name the column to predict, such as --target ${
      names.at(-1)
    }; the columns are ${shown}`,
  );
}

/** The part of the rows that `--test` asks for; null if it names a file, or is not given. */
export function testFraction(text: string | undefined): number | null {
  if (text === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const fraction = Number(text);
  if (fraction > 0 && fraction < 1) return fraction;
  throw new UsageError(
    `Cannot test on ${text} of the rows: give a part between 0 and 1, such as 0.2, or a file`,
  );
}

/** @throws as `openTable` */
export async function openTableSource(
  data: string,
  given: TableOptions,
  { config, preset, continuing }: {
    readonly config: TrainConfig;
    readonly preset: string;
    readonly continuing: Pick<TrainOptions, "from" | "freeze">;
  },
): Promise<RunSource> {
  const { dataset, test, file, testFile, options } = await openTable(
    data,
    given,
    config,
    continuing.from,
  );
  const sha256 = digestsOf(file, testFile);
  const said = saidOf(data, options, testFile);
  let last: { readonly key: string; readonly run: PreparedRun } | null = null;
  const prepare = (config: TrainConfig, fold: Fold | null): PreparedRun => {
    const { validation, splitSeed } = config;
    // Runs with other seeds have the same parts.
    const key = JSON.stringify([validation, splitSeed, fold]);
    if (last?.key === key) return last.run;
    last = null;
    const split = splitOf(dataset, config, options, fold);
    const run = prepareRun({ train: dataset, split, test, ...continuing }, config);
    const { preprocessing } = run;
    last = {
      key,
      run: {
        options: run,
        columns: preprocessing && columnsOf(preprocessing, dataset.plan),
        report: tableLines({ dataset, run, name: file.title, preset, test }),
        testImages: null,
      },
    };
    return last.run;
  };
  return {
    name: file.title,
    sha256,
    config: said,
    images: null,
    prepare,
    requireParts(config, folds) {
      if (folds !== undefined) foldRows(dataset, folds, config.splitSeed);
      else prepare(config, null);
    },
  };
}

function splitOf(
  dataset: TableDataset,
  { splitSeed: seed }: TrainConfig,
  { splitLast }: ResolvedOptions,
  fold: Fold | null,
) {
  if (fold) return foldRows(dataset, fold.folds, seed)[fold.fold - 1];
  if (splitLast === undefined) return undefined;
  return splitRows(dataset, { fraction: splitLast, seed, last: true });
}

/** By the files' names. */
export function digestsOf(file: ReadTable, test: ReadTable | null): Record<string, string> {
  const { title, sha256 } = file;
  if (!test) return { [title]: sha256 };
  return { [title]: sha256, [test.title === title ? `test/${title}` : test.title]: test.sha256 };
}

/** What was given, in the log's words: a run that resumes reads it again, wherever that is begun. */
function saidOf(
  data: string,
  options: ResolvedOptions,
  testFile: ReadTable | null,
): Record<string, ConfigValue> {
  const absolute = (path: string) => path === STDIN ? path : resolve(path);
  const said: Record<string, ConfigValue> = { data: absolute(data) };
  for (const name of TABLE_OPTION_NAMES) {
    const value: ConfigValue | undefined = options[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    said[name] = name === "test" && testFile ? absolute(pathOf(options.test!)) : value;
  }
  return said;
}
