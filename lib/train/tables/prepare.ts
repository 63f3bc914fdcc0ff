/** Tables on their way into training: split, fitted on the rows to train on, and encoded. */
import { adaptedText, adaptedTo } from "../../config/adapted.ts";
import type { TrainConfig } from "../../config/options.ts";
import type { Preset } from "../../config/presets.ts";
import { allRows } from "../../dataset/batches.ts";
import { fitPreprocessing } from "../../dataset/preprocessing/fit.ts";
import type { Preprocessing } from "../../dataset/preprocessing/preprocessing.ts";
import type { SampleData } from "../../dataset/samples.ts";
import { splitRows } from "../../dataset/split_rows.ts";
import type { Table } from "../../dataset/table.ts";
import { isTable, isTableDataset, type TableDataset } from "../../dataset/table_dataset.ts";
import { UsageError, WeftError } from "../../errors.ts";
import type { Model } from "../../model/model.ts";
import { keptNames } from "../continue_from.ts";
import type { RunOptions, TrainOptions } from "../options.ts";
import { checkedSplit } from "../rows.ts";
import { requireModel } from "../sample_checks.ts";
import { contractedRows, type RowContract } from "./model_dataset.ts";

/**
 * The options with features in place of tables; as they are where there are none. `train` does this itself; who wants to
 * describe a run before it begins does it first.
 *
 * @throws {UsageError} if training and test rows are of different kinds
 * @throws {WeftError} as `splitRows` and `rowsForModel`
 */
export function prepareRun(options: TrainOptions, config: TrainConfig): RunOptions {
  const { train, validation, test, from } = options;
  if (!isTableDataset(train)) {
    requireNoTables(options);
    return options as RunOptions;
  }
  if (options.classNames !== undefined) {
    throw new UsageError(
      "Cannot train with classNames on a table: its classes have the names that are in it; leave them out",
    );
  }
  const split = validation !== undefined
    ? undefined
    : options.split !== undefined
    ? checkedSplit(options.split, train.rows)
    : chosen(train, config);
  const learning = split?.train ?? allRows(train.rows);
  const contract = contractOf(train, learning, from);
  const absent = from ? [] : absentClasses(train, learning);
  const adapted = adaptedText(learning.length, adaptedTo(learning.length, config));
  const cannot = "Cannot train on this table";
  const learned = contractedRows(contract, train, cannot);
  const held = (name: string, data: TrainOptions["test"]) => {
    if (data === undefined || data === null) return { data, notes: [] };
    if (isTable(data) || isTableDataset(data)) {
      const rows = ofTable(name, (cannot) => contractedRows(contract, data, cannot));
      return { data: rows.data, notes: rows.notes.map((note) => `${name} rows: ${note}`) };
    }
    throw new UsageError(
      `Cannot use ${name} rows that are no table: the training rows are one; give a table with the same columns`,
    );
  };
  const validating = held("validation", validation);
  const testing = held("test", test);
  const { weights } = train;
  const { validation: _, test: __, ...others } = options;
  return {
    ...others,
    preset: options.preset ?? defaultPreset(train),
    train: { ...learned.data, ...weights ? { weights } : {} } as SampleData,
    ...validating.data ? { validation: validating.data } : {},
    test: testing.data,
    ...split ? { split } : {},
    classNames: contract.task === "regression" ? undefined : contract.names,
    preprocessing: contract.preprocessing,
    notes: [
      ...train.notes,
      ...absent,
      ...learned.notes,
      ...validating.notes,
      ...testing.notes,
      ...adapted === null ? [] : [adapted],
    ],
  };
}

/** Reads a table besides the training rows; whatever is wrong with it is said of that table. */
function ofTable<T>(name: string, read: (cannot: string) => T): T {
  const cannot = `Cannot use the ${name} table`;
  try {
    return read(cannot);
  } catch (error) {
    if (!(error instanceof WeftError) || error.message.startsWith(cannot)) throw error;
    const why = error.message.replace(/^C/, "c");
    throw new (error.constructor as typeof WeftError)(`${cannot}: ${why}`);
  }
}

/**
 * Says of classes that no row to train on has that they are errors wherever they are.
 *
 * @throws {WeftError} if the rows to train on have one class
 */
function absentClasses({ targets, classNames, target }: TableDataset, rows: Uint32Array): string[] {
  const { task } = targets;
  if (task !== "classification" && task !== "binary") return [];
  const isMet = new Uint8Array(256);
  for (const row of rows) isMet[targets.labels[row]] = 1;
  const named = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(", ");
  const absent = classNames.filter((_, label) => !isMet[label]);
  const met = classNames.filter((_, label) => isMet[label]);
  if (met.length === 1) {
    throw new WeftError(
      `Cannot train on this table: ${named(target.names)} is ${
        named(met)
      } in all ${rows.length} rows to train on, and others ` +
        "validate or test; split it in another way",
    );
  }
  return absent.length === 0 ? [] : [
    `no row to train on has the ${absent.length === 1 ? "class" : "classes"} ${
      named(absent.slice(0, 5))
    }${absent.length > 5 ? ` and ${absent.length - 5} more` : ""}: rows that do count as errors`,
  ];
}

/** What training on these rows begins with where nobody says otherwise. */
export function defaultPreset(data: TrainOptions["train"]): Preset {
  return isTableDataset(data) ? "tabular" : "baseline";
}

function chosen(data: TableDataset, { validation, splitSeed }: TrainConfig) {
  return validation === 0
    ? { train: allRows(data.rows), validation: new Uint32Array() }
    : splitRows(data, { fraction: validation, seed: splitSeed });
}

/** What is learned, from which features: the data set's own, or those of a model that training begins with. */
function contractOf(
  data: TableDataset,
  rows: Uint32Array,
  from: Model | undefined,
): RowContract {
  const { table, plan, target, targets: { task }, classNames: names } = data;
  if (from !== undefined) requireModel(from, "Cannot begin with this model");
  const before = from?.preprocessing;
  if (from && !before) {
    throw new UsageError(
      "Cannot begin with this model on a table: it was not trained on one; leave out `from`, or give rows as it takes them",
    );
  }
  if (!from || !before) {
    return { preprocessing: fitPreprocessing(table, rows, plan, target), task, names };
  }
  const learned = before.columns.find(({ name }) => target.names.includes(name));
  if (learned) {
    throw new UsageError(
      `Cannot begin with this model to predict ${
        JSON.stringify(learned.name)
      }: it takes that column for an input; ` +
        "predict another column, or leave out `from`",
    );
  }
  const preprocessing: Preprocessing = {
    ...before,
    ignored: [
      ...new Set([
        ...before.ignored,
        ...plan.columns.filter(({ role }) => role !== "input").map(({ name }) => name),
      ]),
    ].filter((name) => !target.names.includes(name)),
    target,
  };
  return { preprocessing, task, names: keptNames(from, task, names) ?? names };
}

/** @throws {UsageError} which says what a table becomes a data set by */
function requireNoTables({ train, validation, test }: TrainOptions): void {
  for (const [name, data] of Object.entries({ train, validation, test })) {
    if (!isTable(data as Table) && !isTableDataset(data)) continue;
    const why = name === "train"
      ? "it does not say what is to be predicted; give datasetOf(table, { target })"
      : "the training rows are none; give rows of the same kind";
    throw new UsageError(`Cannot train with a table for ${name}: ${why}`);
  }
}
