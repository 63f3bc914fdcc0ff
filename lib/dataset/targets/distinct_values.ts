/** The values of a target column, in the order in which classes have them. */
import { type Cells, numberOf, textCells } from "../preprocessing/cells.ts";
import { compareTexts } from "../preprocessing/column_facts.ts";
import type { Column } from "../table.ts";

/** More distinct values than these are not counted: nothing asks for them. */
const MOST_COUNTED = 10_000;

export interface DistinctValues {
  /** Numbers by value, texts by code unit. */
  readonly values: readonly string[];
  /** Rows that have each. */
  readonly counts: readonly number[];
  /** Whether all are numbers, and whole ones. */
  readonly areNumbers: boolean;
  readonly areWhole: boolean;
}

/** @param rows that count, by number */
export function distinctValues(column: Column, rows: number): DistinctValues {
  const read: Cells<string | null> = textCells(column);
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const value = read(row);
    if (value === null) continue;
    const before = counts.get(value);
    if (before !== undefined) counts.set(value, before + 1);
    else if (counts.size <= MOST_COUNTED) counts.set(value, 1);
  }
  const values = classOrder(counts.keys());
  const numbers = values.map(numberOf);
  return {
    values,
    counts: values.map((value) => counts.get(value)!),
    areNumbers: numbers.every((number) => !Number.isNaN(number)),
    areWhole: numbers.every((number) => Number.isInteger(number)),
  };
}

/** Numbers by value where all are, else texts by code unit. */
export function classOrder(values: Iterable<string>): string[] {
  const list = [...values];
  const areNumbers = list.every((value) => !Number.isNaN(numberOf(value)));
  return areNumbers ? list.sort((a, b) => numberOf(a) - numberOf(b)) : list.sort(compareTexts);
}
