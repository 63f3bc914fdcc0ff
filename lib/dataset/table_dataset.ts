/**
 * A table as a data set: which columns are inputs, what is to be learned, and from which rows. Nothing is fitted yet: that
 * takes the rows to train on, and `train` does it.
 */
import { refuse, requireObject } from "../checks.ts";
import { UsageError, WeftError } from "../errors.ts";
import { numberCells, textCells } from "./preprocessing/cells.ts";
import { planColumns, requireColumn } from "./preprocessing/column_plan.ts";
import type { ColumnChoices, ColumnPlan } from "./preprocessing/planned_columns.ts";
import type { TargetColumns } from "./preprocessing/preprocessing.ts";
import type { Targets, TaskName } from "./samples.ts";
import type { Column, Table } from "./table.ts";
import { droppedNote, namingRows, pickTableRows } from "./table_rows.ts";
import { inferTask, requireRepeated } from "./targets/infer_task.ts";
import { learnedFrom } from "./targets/learned_targets.ts";
import { rowsWithTargets, targetColumnsOf } from "./targets/read_targets.ts";

/** What of a table is learned, and from what. */
export interface DatasetOptions {
  /** The column to predict; several for several numbers, or labels that are 0 or 1 in a column each. */
  readonly target: string | readonly string[];
  /** Inferred by default, as by "auto". */
  readonly task?: TaskName | "auto";
  /** Of binary tasks: the value that counts as a yes. */
  readonly positive?: string;
  /** Of multi-label tasks: what stands between two labels of a cell. */
  readonly separator?: string;
  /** What columns are taken for, where that is not to be decided by their cells. */
  readonly columns?: ColumnChoices;
  /** A column with what each row counts in the training loss. */
  readonly weights?: string;
  /** A column whose values are groups: rows of a group are never on both sides of a split. */
  readonly groups?: string;
}

/** A table, and what is to be learned of its rows. */
export interface TableDataset {
  /** Rows that have a target, N. */
  readonly rows: number;
  /** Those rows, with all columns. */
  readonly table: Table;
  /** Their numbers in the table that was given. */
  readonly tableRows: Uint32Array;
  /** Rows without target, which are left out. */
  readonly dropped: number;
  /** What each column is for. */
  readonly plan: ColumnPlan;
  /** The columns that are learned. */
  readonly target: TargetColumns;
  /** What is to be learned of each row. */
  readonly targets: Targets;
  /** How the task was found, such as "2 distinct texts in survived". */
  readonly why: string;
  /** Names of classes (binary: of no, then of yes), labels or targets. */
  readonly classNames: readonly string[];
  /** Rows of each class or label; of regression none. */
  readonly classCounts: readonly number[];
  /** N numbers of at least 0. */
  readonly weights?: Float32Array;
  /** N; rows with the same number are one group. */
  readonly groups?: Uint32Array;
  /** What was decided on its own, a line each. */
  readonly notes: readonly string[];
}

/**
 * Makes a data set of a table.
 *
 * @throws {UsageError} if a column is missing (with a suggestion), or cannot be what it is to be
 * @throws {WeftError} if no rows are left, or the target is always the same
 */
export function datasetOf(table: Table, options: DatasetOptions): TableDataset {
  const cannot = "Cannot make a data set";
  requireObject(cannot, "table", table, "a table, as readCsv returns it");
  if (!isTable(table)) refuse(cannot, "table", table, "a table, as readCsv returns it");
  requireObject(cannot, "options", options, "{ target }");
  const names = targetsIn(options);
  const { weights, groups, columns: choices } = options;
  const columns = targetColumnsOf(table, names, "Cannot find the target");
  requireRoles(names, options);
  const { task, why } = inferTask(columns, table.rows, options);
  const kept = rowsWithTargets(columns, table.rows, task);
  const dropped = table.rows - (kept?.length ?? table.rows);
  if (kept?.length === 0 || table.rows === 0) {
    const of = names.map((name) => JSON.stringify(name)).join(", ");
    throw new WeftError(
      `Cannot train on this table: none of its ${table.rows} rows has a target (${of}); give rows that have one`,
    );
  }
  const own = kept ? pickTableRows(table, kept) : table;
  const ownColumns = targetColumnsOf(own, names, "Cannot find the target");
  const learned = namingRows(kept, () => learnedFrom(ownColumns, own.rows, task, options));
  if (task === "classification") requireRepeated(ownColumns[0], learned.classCounts);
  const plan = planColumns(own, { targets: names, weights, groups }, choices);
  return {
    rows: own.rows,
    table: own,
    tableRows: kept ?? Uint32Array.from({ length: own.rows }, (_, row) => row),
    dropped,
    plan,
    target: { names, ...learned.separator === undefined ? {} : { separator: learned.separator } },
    targets: learned.targets,
    why,
    classNames: learned.classNames,
    classCounts: learned.classCounts,
    ...weights === undefined ? {} : { weights: namingRows(kept, () => weightsOf(own, weights)) },
    ...groups === undefined ? {} : { groups: groupsOf(own, groups) },
    notes: [
      ...table.notes,
      ...droppedNote(dropped),
      ...learned.notes,
      ...plan.columns.flatMap(({ name, role, why, notes }) => [
        ...role === "ignored" && why !== "to be ignored"
          ? [`column ${JSON.stringify(name)} is left out: ${why}`]
          : [],
        ...role === "input" ? notes.map((note) => `column ${JSON.stringify(name)} ${note}`) : [],
      ]),
    ],
  };
}

export function targetsIn({ target }: Pick<DatasetOptions, "target">): string[] {
  const cannot = "Cannot make a data set";
  const names: unknown[] = Array.isArray(target) ? target : [target];
  const wrong = names.find((name) => typeof name !== "string");
  if (names.length === 0 || wrong !== undefined || target === undefined) {
    refuse(cannot, "target", wrong ?? target, "the name of a column, or a list of names");
  }
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return names as string[];
  throw new UsageError(`${cannot}: the target ${JSON.stringify(twice)} is given twice`);
}

/** A column has one role. */
function requireRoles(
  targets: readonly string[],
  { weights, groups, columns = {} }: DatasetOptions,
): void {
  const roles = [
    ...targets.map((name) => [name, "the target"]),
    ...weights === undefined ? [] : [[weights, "weights"]],
    ...groups === undefined ? [] : [[groups, "groups"]],
    ...(columns.ignore ?? []).map((name) => [name, "a column to ignore"]),
  ];
  const seen = new Map<string, string>();
  for (const [name, role] of roles) {
    const before = seen.get(name);
    if (before !== undefined && before !== role) {
      throw new UsageError(
        `Cannot take column ${
          JSON.stringify(name)
        } for ${before} and for ${role}: give one of them`,
      );
    }
    seen.set(name, role);
  }
}

function weightsOf(table: Table, name: string): Float32Array {
  const column = requireColumn(
    table.columns,
    name,
    `Cannot find the weights ${JSON.stringify(name)}`,
  );
  const read = numberCells(column);
  const weights = Float32Array.from({ length: table.rows }, (_, row) => read(row));
  const wrong = weights.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (wrong < 0 && weights.some((weight) => weight > 0)) return weights;
  const why = wrong < 0
    ? "all are 0"
    : `${Number.isNaN(weights[wrong]) ? "there is none" : `it is ${weights[wrong]}`} in row ${
      wrong + 1
    }`;
  throw new WeftError(
    `Cannot weigh rows by column ${
      JSON.stringify(name)
    }: ${why}; give each row a number of at least 0`,
  );
}

/** Rows without a group are one each. */
export function groupsOf(table: Table, name: string): Uint32Array {
  const column: Column = requireColumn(
    table.columns,
    name,
    `Cannot find the groups ${JSON.stringify(name)}`,
  );
  const read = textCells(column);
  const numbers = new Map<string, number>();
  let next = 0;
  return Uint32Array.from({ length: table.rows }, (_, row) => {
    const group = read(row);
    if (group === null) return next++;
    const known = numbers.get(group);
    if (known !== undefined) return known;
    numbers.set(group, next);
    return next++;
  });
}

/** Some rows of a data set, in that order. */
export function pickRows(dataset: TableDataset, rows: Uint32Array): TableDataset {
  const { table, tableRows, targets, weights, groups } = dataset;
  return {
    ...dataset,
    rows: rows.length,
    table: pickTableRows(table, rows),
    tableRows: rows.map((row) => tableRows[row]),
    targets: pickTargets(targets, rows, dataset.rows),
    ...weights ? { weights: Float32Array.from(rows, (row) => weights[row]) } : {},
    ...groups ? { groups: rows.map((row) => groups[row]) } : {},
  };
}

function pickTargets(targets: Targets, rows: Uint32Array, all: number): Targets {
  if (targets.task === "regression") {
    return { ...targets, values: picked(targets.values, rows, targets.values.length / all) };
  }
  return { ...targets, labels: picked(targets.labels, rows, targets.labels.length / all) };
}

function picked<V extends Uint8Array | Float32Array>(values: V, rows: Uint32Array, size: number) {
  const own = values.slice(0, rows.length * size) as V;
  rows.forEach((row, i) => own.set(values.subarray(row * size, (row + 1) * size), i * size));
  return own;
}

/** Whether it is what `datasetOf` makes. */
export function isTableDataset(data: unknown): data is TableDataset {
  return typeof data === "object" && data !== null && "plan" in data && "table" in data;
}

/** Whether it is what readers make. */
export function isTable(data: unknown): data is Table {
  return typeof data === "object" && data !== null && "columns" in data &&
    Array.isArray(data.columns) && !("plan" in data);
}
