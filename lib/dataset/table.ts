/**
 * A table as it was read: named columns, in which nothing has been filled in, scaled or dropped yet. Readers of formats
 * make one; `datasetOf` makes of it what a network learns from.
 */

/** Columns of equal length. */
export interface Table {
  /** Number of rows, N. */
  readonly rows: number;
  /** In the file's order; names differ from one another. */
  readonly columns: readonly Column[];
  /** What the reader decided on its own, a line each: a name that it gave, a header that was missing. */
  readonly notes: readonly string[];
}

/** A column of a table, by its kind. */
export type Column = NumberColumn | TextColumn | VectorColumn;

/** A column whose cells are all numbers or holes. */
export interface NumberColumn {
  /** Every cell is a number or a hole. */
  readonly kind: "number";
  /** From the table's head. */
  readonly name: string;
  /** N values; NaN is a hole. */
  readonly values: Numbers;
}

/** A column that holds text. */
export interface TextColumn {
  /** Some cell is no number. */
  readonly kind: "text";
  /** From the table's head. */
  readonly name: string;
  /** N indices into `texts`; -1 is a hole. */
  readonly codes: ArrayLike<number>;
  /** Distinct texts, in the order in which they appear. */
  readonly texts: readonly string[];
  /** Where the first text stands that is no number, if numbers came before it: a slip of the pen, perhaps. */
  readonly strayText?: { readonly line: number; readonly text: string };
}

/** A column whose cells are lists of equal length, such as embeddings. */
export interface VectorColumn {
  /** Every cell is a list of numbers. */
  readonly kind: "vector";
  /** From the table's head. */
  readonly name: string;
  /** Numbers in each cell. */
  readonly size: number;
  /** N x size values, row-major. */
  readonly values: Float32Array;
}

/** A list of numbers; a typed array is one. */
export interface Numbers {
  /** How many there are. */
  readonly length: number;
  /** The number at an index from 0; undefined beyond the end. */
  at(index: number): number | undefined;
}

/** What stands for a cell that is empty, after spaces around it are cut off. */
export const HOLES: ReadonlySet<string> = new Set([
  "",
  "NA",
  "N/A",
  "NaN",
  "null",
  "None",
  "?",
]);

/** The one text of a number, however it was written: "1" of 1.0, and "0" of -0. */
export function numberText(value: number): string {
  return String(value === 0 ? 0 : value);
}
