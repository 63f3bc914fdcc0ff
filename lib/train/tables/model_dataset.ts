/** Tables as data sets of a model that there is: its columns, its task and its classes count. */
import { didYouMean } from "../../did_you_mean.ts";
import type { Preprocessing } from "../../dataset/preprocessing/preprocessing.ts";
import type { SampleData, Targets, TaskName } from "../../dataset/samples.ts";
import type { Column, Table } from "../../dataset/table.ts";
import { isTableDataset, type TableDataset } from "../../dataset/table_dataset.ts";
import { droppedNote, namingRows, pickTableRows } from "../../dataset/table_rows.ts";
import { windowSamples } from "../../dataset/windows/window_samples.ts";
import { placedWindows, type WindowDataset } from "../../dataset/windows/windows.ts";
import {
  classLabels,
  labelBits,
  rowsWithTargets,
  targetColumnsOf,
  targetNumbers,
} from "../../dataset/targets/read_targets.ts";
import { UsageError, WeftError } from "../../errors.ts";
import type { Model } from "../../model/model.ts";
import { encodedFeatures } from "./encoded_features.ts";

/** Rows as a model takes them, with their targets. */
export interface ModelRows {
  readonly data: SampleData;
  /** Rows without target, which are left out. */
  readonly dropped: number;
  /** What is odd about the rows, a line each. */
  readonly notes: readonly string[];
}

/** What of a model decides how rows become its own. */
export interface RowContract {
  readonly preprocessing: Preprocessing;
  readonly task: TaskName;
  /** Of classes (binary: of no, then of yes), labels or targets. */
  readonly names: readonly string[];
}

/**
 * Rows of a table as a model takes them. A class that the model does not know is none that it can find: such a row counts
 * as an error, and is noted.
 *
 * @throws {UsageError} if the model has no preprocessing, or the table not its target
 * @throws {WeftError} if the table has not all columns that the model takes, or no row has a target
 */
export function rowsForModel(model: Model, table: Table | TableDataset): ModelRows {
  const { preprocessing, task = "classification", classNames, targets } = model;
  const cannot = "Cannot evaluate the model on this table";
  if (!preprocessing) {
    throw new UsageError(
      `${cannot}: it was not trained on one, and has no preprocessing; give rows as it takes them`,
    );
  }
  const contract = { preprocessing, task, names: targets?.names ?? classNames };
  return contractedRows(contract, table, cannot);
}

/**
 * Rows as a contract says.
 *
 * @param cannot what cannot be done otherwise
 * @throws as `rowsForModel`
 */
export function contractedRows(
  { preprocessing, task, names }: RowContract,
  given: Table | TableDataset,
  cannot: string,
): ModelRows {
  const table = isTableDataset(given) ? given.table : given;
  const { target, window } = preprocessing;
  requireColumns(preprocessing, table, cannot);
  if (window) {
    const placed = placedWindows(table, { ...window, groups: groupsIn(table, window.groups) });
    const windows = { table, ...placed, length: window.length };
    return contractedWindows({ preprocessing, task, names }, windows, cannot);
  }
  const missing = `${cannot}: it lacks the target`;
  const kept = rowsWithTargets(targetColumnsOf(table, target.names, missing), table.rows, task);
  if (kept?.length === 0 || table.rows === 0) {
    throw new WeftError(
      `${cannot}: none of its ${table.rows} rows has a target; give rows with their targets`,
    );
  }
  const own = kept ? pickTableRows(table, kept) : table;
  const dropped = table.rows - own.rows;
  const columns = targetColumnsOf(own, target.names, missing);
  const { targets, notes } = namingRows(
    kept,
    () => targetsFor(columns, own.rows, { preprocessing, task, names }),
  );
  if ("known" in targets && (targets.labels as Uint8Array).every((it) => it >= names.length)) {
    throw new WeftError(
      `${cannot}: none of its rows has a class that the model knows (${
        names.slice(0, 5).map((name) => JSON.stringify(name)).join(", ")
      }${names.length > 5 ? ", ..." : ""})`,
    );
  }
  const { features, isAnyOrder, shape, notes: odd } = namingRows(
    kept,
    () => encodedFeatures(preprocessing, own),
  );
  const data = {
    rows: own.rows,
    features,
    ...isAnyOrder ? { isAnyOrder } : {},
    shape,
    targets,
  } as SampleData;
  return { data, dropped, notes: [...droppedNote(dropped), ...notes, ...odd] };
}

/**
 * Windows as a contract says: the last row of each has its target.
 *
 * @throws as `rowsForModel`
 */
export function contractedWindows(
  { preprocessing, task, names }: RowContract,
  { table, places, starts, length }: Pick<WindowDataset, "table" | "places" | "starts" | "length">,
  cannot: string,
): ModelRows {
  const { target } = preprocessing;
  const missing = `${cannot}: it lacks the target`;
  const ends = starts.map((start) => places[start + length - 1]);
  const last = pickTableRows(table, ends);
  const kept = rowsWithTargets(targetColumnsOf(last, target.names, missing), last.rows, task);
  const own = kept ? pickTableRows(last, kept) : last;
  if (own.rows === 0) {
    throw new WeftError(
      `${cannot}: none of its ${ends.length} windows ends in a row that has a target`,
    );
  }
  const { targets, notes } = targetsFor(targetColumnsOf(own, target.names, missing), own.rows, {
    preprocessing,
    task,
    names,
  });
  const windows = {
    table,
    places,
    starts: kept ? kept.map((window) => starts[window]) : starts,
    length,
    ends: { targets },
  };
  const { data, notes: odd } = windowSamples(windows, preprocessing);
  const dropped = ends.length - own.rows;
  const left = dropped === 0
    ? []
    : [`${dropped} windows end in a row without target, and are left out`];
  return { data, dropped, notes: [...left, ...notes, ...odd] };
}

/** Where a table does not say which group a row is of, all are of one. */
function groupsIn({ columns }: Table, groups: string | undefined): string | undefined {
  return columns.some(({ name }) => name === groups) ? groups : undefined;
}

/** Evaluation is of the same columns: a column that is missing is a mistake more often than a hole in every row. */
function requireColumns({ columns }: Preprocessing, table: Table, cannot: string): void {
  const names = table.columns.map(({ name }) => name);
  const missing = columns.map(({ name }) => name).filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  const meant = didYouMean(missing[0], names);
  const others = missing.length === 1 ? "" : ` and ${missing.length - 1} more`;
  throw new WeftError(
    `${cannot}: it has no column ${
      JSON.stringify(missing[0])
    }${others}, which the model was trained on${
      meant === null ? "" : ` (is it ${JSON.stringify(meant)}?)`
    }; give a table with the same columns`,
  );
}

function targetsFor(
  columns: readonly Column[],
  rows: number,
  { preprocessing: { target }, task, names }: RowContract,
): { readonly targets: Targets; readonly notes: readonly string[] } {
  switch (task) {
    case "classification":
    case "binary": {
      const { labels, others } = classLabels(columns[0], rows, names);
      const known = names.length;
      const notes = others.map((name, i) => {
        const count = labels.reduce((sum, label) => sum + +(label === known + i), 0);
        return `the class ${JSON.stringify(name)} of ${count} ${
          count === 1 ? "row" : "rows"
        } is none that the model knows: ${
          count === 1 ? "it counts as an error" : "they count as errors"
        }`;
      });
      return { targets: { task, labels, ...others.length > 0 ? { known } : {} }, notes };
    }
    case "multi-label": {
      const { labels, missed, others } = labelBits(columns, rows, target, names);
      if (labels.length !== rows * names.length) {
        throw new WeftError(
          `Cannot read the labels of this table: it has other ones than the model's ${names.length}`,
        );
      }
      const notes = others.map((name) =>
        `the label ${JSON.stringify(name)} is none that the model knows: it counts as an error`
      );
      return { targets: { task, labels, ...others.length > 0 ? { missed } : {} }, notes };
    }
    case "regression":
      return { targets: targetNumbers(columns, rows), notes: [] };
  }
}
