/** What can be said of a column's cells, for plans. */
import type { Column } from "../table.ts";
import { cellText, numberCells, numberOf, textCells } from "./cells.ts";
import { areDates } from "./written_forms.ts";
import type { ColumnFacts } from "./planned_columns.ts";

/** Distinct values are counted up to here. */
export const MOST_DISTINCT = 10_000;
/** Values of a category that a plan names. */
export const MOST_VALUES = 20;
/** Of more rows than these, every so manieth tells the middle. */
const MOST_SORTED = 200_000;
/** Fewer rows that all differ may do so by chance. */
const LEAST_IDENTIFIERS = 20;

/** @throws {WeftError} if a cell is no number */
export function describeNumbers(column: Column, rows: number): ColumnFacts {
  const read = numberCells(column);
  const distinct = new Set<number>();
  let [holes, min, max] = [0, Infinity, -Infinity];
  let [isWhole, isRising, last] = [true, true, -Infinity];
  for (let row = 0; row < rows; row++) {
    const value = read(row);
    if (Number.isNaN(value)) {
      holes++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    isWhole &&= Number.isInteger(value);
    isRising &&= value > last;
    last = value;
    if (distinct.size < MOST_DISTINCT) distinct.add(value);
  }
  const found = rows - holes;
  const range = found === 0 ? null : { min, median: middleOf(read, rows), max };
  const areDifferent = isRising || (distinct.size === found && found < MOST_DISTINCT);
  const isIdentifier = isWhole && areDifferent && found >= LEAST_IDENTIFIERS &&
    (max - min < 2 * found || isNamedIdentifier(column.name));
  const notes = [
    ...found > 0 && min === max ? ["has one value in all rows"] : [],
    ...isIdentifier
      ? ["is another whole number in each row, perhaps an identifier: leave it out if it is"]
      : [],
  ];
  return { holes, distinct: distinct.size, range, notes };
}

const isNamedIdentifier = (name: string) => /(^|[^a-z])(id|key|nr|no|index|uuid)$/i.test(name);

function middleOf(read: (row: number) => number, rows: number): number {
  const step = Math.max(1, Math.ceil(rows / MOST_SORTED));
  const values: number[] = [];
  for (let row = 0; row < rows; row += step) {
    const value = read(row);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length === 0 && step > 1) {
    for (let row = 0; row < rows; row++) if (!Number.isNaN(read(row))) return read(row);
  }
  return medianOf(Float64Array.from(values).sort());
}

/** The middle of sorted numbers, or halfway between the two in the middle. */
export function medianOf(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half];
  const [low, high] = [sorted[half - 1], sorted[half]];
  return low + (high - low) / 2;
}

export function describeCategory(column: Column, rows: number): ColumnFacts {
  const read = textCells(column);
  const counts = new Map<string, number>();
  let holes = 0;
  for (let row = 0; row < rows; row++) {
    const value = read(row);
    if (value === null) holes++;
    else if (counts.size < MOST_DISTINCT || counts.has(value)) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  const found = rows - holes;
  const values = [...counts].map(([value, rows]) => ({ value, rows }))
    .sort((a, b) => b.rows - a.rows || compareTexts(a.value, b.value)).slice(0, MOST_VALUES);
  const notes = [
    ...counts.size === 1 ? ["has one value in all rows"] : [],
    ...counts.size === found && found >= LEAST_IDENTIFIERS
      ? ["is another text in each row, perhaps an identifier: leave it out if it is"]
      : [],
    ...areDates([...counts.keys()])
      ? [
        "holds dates, and as categories later ones are unknown: give numbers instead, such as the month, or leave it out",
      ]
      : [],
  ];
  return { holes, distinct: counts.size, range: null, values, notes };
}

/** By code unit. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** More distinct numbers than these, and a few texts among them, are a column of numbers with slips of the pen. */
const LEAST_NUMBERS = 10;

/** Not a category, however few numbers stand beside it. */
const INFINITY = /^[+-]?inf(inity)?$/i;
const isInfinite = (text: string) =>
  INFINITY.test(text.trim()) || Math.abs(numberOf(text)) === Infinity;

/** The first text of a column that is numbers but for a few texts: `"abc" in line 17`; null of any other column. */
export function strayIn(column: Column): string | null {
  if (column.kind !== "text") return null;
  const texts = column.texts.filter((text) => cellText(text) !== null);
  const others = texts.filter((text) => !Number.isFinite(numberOf(text)));
  const numbers = texts.length - others.length;
  const areInfinities = numbers > 0 && others.every(isInfinite);
  const areFew = numbers >= LEAST_NUMBERS && others.length * 10 <= texts.length;
  if (others.length === 0 || !(areInfinities || areFew)) return null;
  const { strayText } = column;
  if (strayText) return `${JSON.stringify(strayText.text.slice(0, 60))} in line ${strayText.line}`;
  return JSON.stringify(others[0].slice(0, 60));
}
