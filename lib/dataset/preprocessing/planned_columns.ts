/** What the columns of a table are taken for, and why: data that a report can print. */

/** What a caller may say of columns, by name; the rest is inferred. */
export interface ColumnChoices {
  /** Take these for numbers. */
  readonly numbers?: readonly string[];
  /** Take these for categories, even if their cells are numbers. */
  readonly categories?: readonly string[];
  /** Leave these out. */
  readonly ignore?: readonly string[];
  /** Take these vectors as they are; the others are standardized. */
  readonly asTheyAre?: readonly string[];
  /** What takes the place of a number that is missing: the training rows' median by default. */
  readonly impute?: Impute;
}

export const IMPUTES = ["median", "mean", "zero"] as const;
export type Impute = typeof IMPUTES[number];

export interface ColumnPlan {
  /** All columns of the table, in its order. */
  readonly columns: readonly PlannedColumn[];
  readonly impute: Impute;
}

export type ColumnRole = "input" | "target" | "weights" | "groups" | "ignored";

export interface PlannedColumn extends ColumnFacts {
  readonly name: string;
  readonly role: ColumnRole;
  readonly kind: "number" | "category" | "vector" | "text";
  /** In a few words: "all cells are numbers", "3 distinct texts", "to be ignored". */
  readonly why: string;
  /** Of vectors: numbers of a cell, and whether they are taken as they are. */
  readonly size?: number;
  readonly asTheyAre?: boolean;
}

export interface ColumnFacts {
  /** Cells that are empty. */
  readonly holes: number;
  /** Distinct values, holes not counted; counting stops at `MOST_DISTINCT`. Of vectors 0. */
  readonly distinct: number;
  /** Smallest, middle and largest of numbers; null of other kinds, and where all are holes. */
  readonly range: { readonly min: number; readonly median: number; readonly max: number } | null;
  /** Of categories: the most frequent values with their counts, up to `MOST_VALUES`. */
  readonly values?: readonly { readonly value: string; readonly rows: number }[];
  /** What to know about it: one value in all rows, an identifier perhaps. */
  readonly notes: readonly string[];
}
