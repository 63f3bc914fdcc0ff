/** Targets of a task from the columns that have them. */
import { UsageError, WeftError } from "../../errors.ts";
import { numberCells, textCells } from "../preprocessing/cells.ts";
import type { TargetColumns } from "../preprocessing/preprocessing.ts";
import type { Targets, TaskName } from "../samples.ts";
import type { Column, Table } from "../table.ts";
import { requireColumn } from "../preprocessing/column_plan.ts";
import { MOST_CLASSES } from "./infer_task.ts";

/** The columns to predict. @throws {UsageError} if there is none of a name: it says which may be meant */
export function targetColumnsOf(table: Table, names: readonly string[], cannot: string): Column[] {
  return names.map((name) =>
    requireColumn(table.columns, name, `${cannot} ${JSON.stringify(name)}`)
  );
}

/** Rows that have every target, by number. In multi-label tasks all have: an empty cell is "no label". */
export function rowsWithTargets(
  columns: readonly Column[],
  rows: number,
  task: TaskName,
): Uint32Array | null {
  if (task === "multi-label") return null;
  const cells = columns.filter(({ kind }) => kind !== "vector").map(textCells);
  const kept = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (cells.every((read) => read(row) !== null)) kept[count++] = row;
  }
  return count === rows ? null : kept.slice(0, count);
}

/** Classes of rows; those that `classNames` does not have are numbered after them, and named in `others`. */
export function classLabels(
  column: Column,
  rows: number,
  classNames: readonly string[],
): { readonly labels: Uint8Array<ArrayBuffer>; readonly others: string[] } {
  const read = textCells(column);
  const places = new Map(classNames.map((name, place) => [name, place]));
  const others: string[] = [];
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = read(row)!;
    let place = places.get(value);
    if (place === undefined) {
      place = classNames.length + others.length;
      if (place >= MOST_CLASSES) {
        throw new WeftError(
          `Cannot count the classes of ${JSON.stringify(column.name)}: with ${
            JSON.stringify(value)
          } they are more than ${MOST_CLASSES}`,
        );
      }
      others.push(value);
      places.set(value, place);
    }
    labels[row] = place;
  }
  return { labels, others };
}

/** The labels of a cell, each once. */
export function labelsIn(cell: string | null, separator: string): string[] {
  if (cell === null) return [];
  return [...new Set(cell.split(separator).map((label) => label.trim()).filter((it) => it !== ""))];
}

/** Labels of rows, N x L; `missed` counts those of each row that `classNames` does not have, by name in `others`. */
export function labelBits(
  columns: readonly Column[],
  rows: number,
  { separator }: TargetColumns,
  classNames: readonly string[],
) {
  const size = classNames.length;
  const labels = new Uint8Array(rows * size);
  const missed = new Uint16Array(rows);
  const others = new Set<string>();
  if (separator === undefined) {
    bitColumns(columns).forEach((read, label) => {
      for (let row = 0; row < rows; row++) labels[row * size + label] = read(row);
    });
    return { labels, missed, others: [...others] };
  }
  const read = textCells(columns[0]);
  const places = new Map(classNames.map((name, place) => [name, place]));
  for (let row = 0; row < rows; row++) {
    for (const name of labelsIn(read(row), separator)) {
      const place = places.get(name);
      if (place !== undefined) labels[row * size + place] = 1;
      else {
        missed[row]++;
        others.add(name);
      }
    }
  }
  return { labels, missed, others: [...others] };
}

/** Columns of 0 and 1, one a label; a hole is 0. @returns what throws where a cell is another number */
function bitColumns(columns: readonly Column[]): ((row: number) => number)[] {
  return columns.flatMap((column) => {
    const { name } = column;
    const bit = (value: number, row: number) => {
      if (value === 0 || value === 1) return value;
      throw new UsageError(
        `Cannot take ${value} in row ${row + 1}, column ${
          JSON.stringify(name)
        }, for a label: several targets of a ` +
          "multi-label task are 0 or 1",
      );
    };
    if (column.kind === "vector") {
      const { size, values } = column;
      return Array.from(
        { length: size },
        (_, j) => (row: number) => bit(values[row * size + j], row),
      );
    }
    const read = numberCells(column);
    return [(row: number) => {
      const value = read(row);
      return Number.isNaN(value) ? 0 : bit(value, row);
    }];
  });
}

/** Names of the targets: of a vector, its own with a number each. */
export function targetNames(columns: readonly Column[]): string[] {
  return columns.flatMap((column) =>
    column.kind === "vector"
      ? Array.from({ length: column.size }, (_, i) => `${column.name}[${i}]`)
      : [column.name]
  );
}

/** Numbers to predict, N x T. @throws {WeftError} if a cell is none that float32 holds */
export function targetNumbers(
  columns: readonly Column[],
  rows: number,
): Extract<Targets, { readonly task: "regression" }> {
  const names = targetNames(columns);
  const values = new Float32Array(rows * names.length);
  let first = 0;
  for (const column of columns) {
    const size = column.kind === "vector" ? column.size : 1;
    const read = column.kind === "vector" ? null : numberCells(column);
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < size; j++) {
        const value = column.kind === "vector" ? column.values[row * size + j] : read!(row);
        const at = row * names.length + first + j;
        values[at] = value;
        if (Number.isFinite(values[at])) continue;
        throw new WeftError(
          `Cannot predict ${value} in row ${row + 1}, column ${
            JSON.stringify(column.name)
          }: it is beyond float32; ` +
            "give the target in another unit",
        );
      }
    }
    first += size;
  }
  return { task: "regression", values, names };
}
