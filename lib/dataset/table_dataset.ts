/**
 * A table as a data set: which columns are inputs, what is to be learned, and from which rows. Nothing is fitted yet: that
 * takes the rows to train on, and `train` does it.
 */
import type { ColumnChoices, ColumnPlan } from "./preprocessing/planned_columns.ts";
import type { TargetColumns } from "./preprocessing/preprocessing.ts";
import type { Targets, TaskName } from "./samples.ts";
import type { Table } from "./table.ts";

export interface DatasetOptions {
  /** The column to predict; several for several numbers, or labels that are 0 or 1 in a column each. */
  readonly target: string | readonly string[];
  /** Inferred by default, as by "auto". */
  readonly task?: TaskName | "auto";
  /** Of binary tasks: the value that counts as a yes. */
  readonly positive?: string;
  /** Of multi-label tasks: what stands between two labels of a cell. */
  readonly separator?: string;
  readonly columns?: ColumnChoices;
  /** A column with what each row counts in the training loss. */
  readonly weights?: string;
  /** A column whose values are groups: rows of a group are never on both sides of a split. */
  readonly groups?: string;
}

export interface TableDataset {
  /** Rows that have a target, N. */
  readonly rows: number;
  /** Those rows, with all columns. */
  readonly table: Table;
  /** Their numbers in the table that was given. */
  readonly tableRows: Uint32Array;
  /** Rows without target, which are left out. */
  readonly dropped: number;
  readonly plan: ColumnPlan;
  readonly target: TargetColumns;
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
export function datasetOf(_table: Table, _options: DatasetOptions): TableDataset {
  throw new Error("not yet");
}

/** Some rows of a data set, in that order. */
export function pickRows(_dataset: TableDataset, _rows: Uint32Array): TableDataset {
  throw new Error("not yet");
}

/** Whether it is what `datasetOf` makes. */
export function isTableDataset(data: unknown): data is TableDataset {
  return typeof data === "object" && data !== null && "plan" in data && "table" in data;
}

/** Whether it is what readers make. */
export function isTable(data: unknown): data is Table {
  return typeof data === "object" && data !== null && "columns" in data && !("plan" in data);
}
