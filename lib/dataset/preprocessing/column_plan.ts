/**
 * What the columns of a table are taken for, and why: data that a report can print. Kinds are inferred from all rows;
 * nothing that training learns is.
 */
import type { Table } from "../table.ts";

/** What a caller may say of columns, by name; the rest is inferred. */
export interface ColumnChoices {
  /** Take these for numbers. */
  readonly numbers?: readonly string[];
  /** Take these for categories, even if their cells are numbers. */
  readonly categories?: readonly string[];
  /** Leave these out. */
  readonly ignore?: readonly string[];
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

export interface PlannedColumn {
  readonly name: string;
  readonly role: ColumnRole;
  readonly kind: "number" | "category" | "vector" | "text";
  /** In a few words: "all cells are numbers", "3 distinct texts", "--ignore". */
  readonly why: string;
  /** Cells that are empty. */
  readonly holes: number;
  /** Distinct values, holes not counted; counting stops at `MOST_DISTINCT`. Of vectors 0. */
  readonly distinct: number;
  /** Smallest, middle and largest of numbers; null of other kinds, and where all are holes. */
  readonly range: { readonly min: number; readonly median: number; readonly max: number } | null;
  /** Of vectors: numbers of a cell. */
  readonly size?: number;
  /** Of categories: the most frequent values with their counts, up to `MOST_VALUES`. */
  readonly values?: readonly { readonly value: string; readonly rows: number }[];
  /** What to know about it: one value in all rows, an identifier perhaps. */
  readonly notes: readonly string[];
}

/** Distinct values are counted up to here. */
export const MOST_DISTINCT = 10_000;
/** A text column with more distinct values is no category. */
export const MOST_CATEGORIES = 100;
/** Values of a category that a plan names. */
export const MOST_VALUES = 20;

/** Columns that are no inputs. */
export interface ColumnRoles {
  readonly targets: readonly string[];
  readonly weights?: string;
  readonly groups?: string;
}

/**
 * Infers what each column is.
 *
 * @throws {UsageError} if a choice names a column that there is not, or a text column is neither number nor category: it
 * names the columns to ignore
 */
export function planColumns(
  _table: Table,
  _roles: ColumnRoles,
  _choices: ColumnChoices = {},
): ColumnPlan {
  throw new Error("not yet");
}
