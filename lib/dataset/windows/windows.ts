/**
 * Windows of a table whose rows follow each other in time: so many rows, one after the other, of which the last says what is
 * to be learned.
 *
 * Glossary: N windows, steps (rows of a window), series (rows of one group, or all rows, in the table's order); a place is a
 * row's number among all series, one after the other.
 */
import { refuse, requireObject } from "../../checks.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { planColumns } from "../preprocessing/column_plan.ts";
import type { ColumnPlan } from "../preprocessing/planned_columns.ts";
import type { Column, NumberColumn, Table } from "../table.ts";
import {
  type DatasetOptions,
  groupsOf,
  isTable,
  pickRows,
  type TableDataset,
  targetsIn,
} from "../table_dataset.ts";
import { pickTableRows } from "../table_rows.ts";
import { inferTask } from "../targets/infer_task.ts";
import { learnedFrom } from "../targets/learned_targets.ts";
import { rowsWithTargets, targetColumnsOf } from "../targets/read_targets.ts";

/** What `windowsOf` takes. */
export interface WindowOptions extends Omit<DatasetOptions, "weights"> {
  /** Rows of a window. */
  readonly length: number;
  /** Rows from the beginning of a window to that of the next one; the length by default, so that none overlap. */
  readonly stride?: number;
}

/** Windows that have a target. Nothing is fitted yet. */
export interface WindowDataset {
  /** N. */
  readonly rows: number;
  /** Rows of a window. */
  readonly length: number;
  /** Rows from the beginning of a window to that of the next one. */
  readonly stride: number;
  /** All rows. */
  readonly table: Table;
  /** The row of each place. */
  readonly places: Uint32Array;
  /** N: the place of each window's first row; those of its others follow. */
  readonly starts: Uint32Array;
  /** The last row of each window: what is to be learned, and groups. */
  readonly ends: TableDataset;
  /** What columns are taken for. */
  readonly plan: ColumnPlan;
  /** What was decided on its own, a line each. */
  readonly notes: readonly string[];
}

/**
 * Cuts a table into windows. With groups, rows of a group are a series, wherever in the table they are, and no window has
 * rows of two. A column that rises from each row to the next, as a clock does, is left out unless `columns.numbers` has it:
 * what comes later has other values than whatever was trained on.
 *
 * @throws {UsageError} if a column is missing, or the length or stride is no whole number of at least 1
 * @throws {WeftError} if no series is as long as a window, no window has a target, or the target is always the same
 */
export function windowsOf(table: Table, options: WindowOptions): WindowDataset {
  const cannot = "Cannot cut windows";
  requireObject(cannot, "options", options, "{ length, stride, target }");
  if (!isTable(table)) refuse(cannot, "table", table, "a table, as readCsv returns it");
  const { length, stride = length, groups } = options;
  requireWhole("length", length);
  requireWhole("stride", stride);
  const names = targetsIn(options);
  const ofRows = groups === undefined ? undefined : groupsOf(table, groups);
  const series = seriesOf(table.rows, ofRows);
  const places = Uint32Array.from(series.flatMap((rows) => [...rows]));
  const starts = startsOf(series, length, stride);
  const ends = starts.map((start) => places[start + length - 1]);
  const columns = targetColumnsOf(table, names, "Cannot find the target");
  const { task, why } = inferTask(columns, table.rows, options);
  const lastRows = pickTableRows(table, ends);
  const lastColumns = targetColumnsOf(lastRows, names, cannot);
  const kept = rowsWithTargets(lastColumns, ends.length, task);
  if (kept?.length === 0) {
    throw new WeftError(
      `${cannot}: none of ${ends.length} windows ends in a row that has a target (${
        names.join(", ")
      })`,
    );
  }
  const dropped = ends.length - (kept?.length ?? ends.length);
  const own = kept ? pickTableRows(lastRows, kept) : lastRows;
  const learned = learnedFrom(targetColumnsOf(own, names, cannot), own.rows, task, options);
  const clocks = clocksOf(table, series, options);
  const choices = { ...options.columns, ignore: [...options.columns?.ignore ?? [], ...clocks] };
  const plan = planColumns(table, { targets: names, groups }, choices);
  const tableRows = kept ? kept.map((window) => ends[window]) : ends;
  return {
    rows: own.rows,
    length,
    stride,
    table,
    places,
    starts: kept ? kept.map((window) => starts[window]) : starts,
    ends: {
      rows: own.rows,
      table: own,
      tableRows,
      dropped,
      plan,
      target: { names, ...learned.separator === undefined ? {} : { separator: learned.separator } },
      targets: learned.targets,
      why,
      classNames: learned.classNames,
      classCounts: learned.classCounts,
      ...ofRows ? { groups: tableRows.map((row) => ofRows[row]) } : {},
      notes: [],
    },
    plan,
    notes: [
      ...table.notes,
      ...dropped === 0 ? [] : [`${dropped} windows end in a row without target, and are left out`],
      ...clocks.map((name) =>
        `column ${JSON.stringify(name)} is left out: it rises from row to row, as a clock does`
      ),
      ...learned.notes,
    ],
  };
}

/** Some windows of a data set, in that order. */
export function pickWindows(dataset: WindowDataset, windows: Uint32Array): WindowDataset {
  return {
    ...dataset,
    rows: windows.length,
    starts: windows.map((window) => dataset.starts[window]),
    ends: pickRows(dataset.ends, windows),
  };
}

function requireWhole(name: string, value: unknown): void {
  if (Number.isSafeInteger(value) && value as number >= 1) return;
  throw new UsageError(
    `Cannot cut windows with a ${name} of ${value}: give a whole number of rows, at least 1`,
  );
}

/** Rows of each series in the table's order; series in the order in which they begin. */
function seriesOf(rows: number, groups: Uint32Array | undefined): Uint32Array[] {
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  if (!groups) return [all];
  const series = new Map<number, number[]>();
  for (const row of all) {
    const known = series.get(groups[row]);
    if (known) known.push(row);
    else series.set(groups[row], [row]);
  }
  return [...series.values()].map((own) => Uint32Array.from(own));
}

function startsOf(series: readonly Uint32Array[], length: number, stride: number): Uint32Array {
  const starts: number[] = [];
  let first = 0;
  for (const { length: rows } of series) {
    for (let at = 0; at + length <= rows; at += stride) starts.push(first + at);
    first += rows;
  }
  if (starts.length > 0) return Uint32Array.from(starts);
  const longest = Math.max(0, ...series.map(({ length }) => length));
  throw new WeftError(
    `Cannot cut windows of ${length} rows: the longest series has ${longest}; give a shorter length, or more rows`,
  );
}

/** Number columns that rise from each row of a series to the next; none where there would be no others. */
function clocksOf(
  table: Table,
  series: readonly Uint32Array[],
  { target, groups, columns = {} }: WindowOptions,
): string[] {
  const others = new Set([target, groups ?? [], columns.ignore ?? []].flat());
  const inputs = table.columns.filter(({ name }) => !others.has(name));
  const chosen = new Set([columns.numbers ?? [], columns.categories ?? []].flat());
  const clocks = inputs.filter((column) => isClock(column, series) && !chosen.has(column.name));
  return clocks.length < inputs.length ? clocks.map(({ name }) => name) : [];
}

function isClock(column: Column, series: readonly Uint32Array[]): column is NumberColumn {
  if (column.kind !== "number") return false;
  const { values } = column;
  let pairs = 0;
  for (const rows of series) {
    for (let i = 1; i < rows.length; i++) {
      if (!(values.at(rows[i])! > values.at(rows[i - 1])!)) return false;
      pairs++;
    }
  }
  return pairs > 1;
}
