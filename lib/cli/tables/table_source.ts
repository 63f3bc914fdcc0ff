/** A table as what runs are trained on: what the user says of it, and what the log says of it. */
import type { TrainConfig } from "../../config/options.ts";
import type { Fold } from "../../dataset/folds.ts";
import { foldRows, splitRows } from "../../dataset/split_rows.ts";
import type { Table } from "../../dataset/table.ts";
import {
  datasetOf,
  type DatasetOptions,
  pickRows,
  type TableDataset,
} from "../../dataset/table_dataset.ts";
import { distinctValues } from "../../dataset/targets/distinct_values.ts";
import { UsageError } from "../../errors.ts";
import type { ConfigValue } from "../../run_log/run/records.ts";
import type { Model } from "../../model/model.ts";
import { prepareRun } from "../../train/tables/prepare.ts";
import { pathOf } from "../data_argument.ts";
import { STDIN } from "../data_kind.ts";
import type { Begun } from "../opened_data.ts";
import type { TableOptions } from "../options/tables.ts";
import type { PreparedRun, RunSource } from "../run_source.ts";
import { columnNames, possibleNames } from "./column_names.ts";
import { digestsOf, type ReadTable, readTable } from "./read_table.ts";
import { columnsOf, tableLines } from "./table_lines.ts";
import { testFraction } from "./test_fraction.ts";

/** A table with its target, and the rows for the final test. */
export interface OpenedTable {
  readonly dataset: TableDataset;
  readonly test: TableDataset | Table | null;
  readonly file: ReadTable;
  readonly testFile: ReadTable | null;
  /** The options with their columns' names apart. */
  readonly options: ResolvedOptions;
}

export type ResolvedOptions = Omit<TableOptions, "target" | "ignore" | "numbers" | "categories"> & {
  readonly target: readonly string[];
  readonly ignore: readonly string[];
  readonly numbers: readonly string[];
  readonly categories: readonly string[];
};

/** What a user gives as a table, read. */
export interface TableFiles {
  readonly file: ReadTable;
  /** Null where `--test` is a fraction, or nothing is tested with. */
  readonly testFile: ReadTable | null;
  readonly given: TableOptions;
}

/**
 * Reads a table, and the one to test with.
 *
 * @param data a path, or "-"
 * @throws {UsageError} if both are the standard input
 * @throws {WeftError} if a file cannot be read
 */
export async function readTables(data: string, given: TableOptions): Promise<TableFiles> {
  const fraction = testFraction(given.test);
  if (data === STDIN && given.test === STDIN) {
    throw new UsageError("Cannot read two tables from the standard input: give a file for one");
  }
  const file = await readTable(data, possibleNames(given.ignore));
  const testFile = given.test === undefined || fraction !== null
    ? null
    : await readTable(pathOf(given.test), resolved(given, file.table).ignore);
  return { file, testFile, given };
}

/**
 * Says what is to be learned from a table.
 *
 * @throws {UsageError} if there is no such column, or it cannot be what it is to be
 * @throws {WeftError} if no row can be learned from
 */
function openTable(
  { file, testFile, given }: TableFiles,
  config: Pick<TrainConfig, "splitSeed">,
  from?: Model,
): OpenedTable {
  const { options, dataset: all } = tableDataset(file, given, from);
  const fraction = testFile ? null : testFraction(given.test);
  if (fraction === null) {
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
  const { asked, options } = columnOptions({ table, name }, given, from);
  return { dataset: datasetOf(table, asked), options };
}

/** What is asked of a table's columns. @throws {UsageError} if no target is named */
export function columnOptions(
  { table, name }: Pick<ReadTable, "table" | "name">,
  given: TableOptions,
  from?: Model,
): { readonly asked: DatasetOptions; readonly options: ResolvedOptions } {
  const said = resolved(given, table);
  const options = from?.preprocessing ? likeModel(said, from, table) : said;
  const { target, ignore, numbers, categories, impute, splitBy: groups } = options;
  const { task, positive, separator, weights } = options;
  if (target.length === 0) throw withoutTarget(name, table);
  const columns = { ignore, numbers, categories, impute };
  return { asked: { target, task, positive, separator, weights, groups, columns }, options: said };
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

/** @param said for the log; @throws as `openTable` */
export function tableSource(
  files: TableFiles,
  said: Readonly<Record<string, ConfigValue>>,
  { config, preset, continuing }: Begun,
): RunSource {
  const { dataset, test, file, testFile, options } = openTable(files, config, continuing.from);
  const sha256 = digestsOf(file, testFile);
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
