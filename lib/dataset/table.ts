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

export type Column = NumberColumn | TextColumn | VectorColumn;

/** A column whose cells are all numbers or holes. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  /** N values; NaN is a hole. */
  readonly values: Numbers;
}

/** A column that holds text. */
export interface TextColumn {
  readonly kind: "text";
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
  readonly kind: "vector";
  readonly name: string;
  /** Numbers in each cell. */
  readonly size: number;
  /** N x size values, row-major. */
  readonly values: Float32Array;
}

/** A list of numbers; a typed array is one. */
export interface Numbers {
  readonly length: number;
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
