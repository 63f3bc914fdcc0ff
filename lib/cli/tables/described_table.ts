/** What `data FILE` says of a table. */
import type { PlannedColumn } from "../../dataset/preprocessing/planned_columns.ts";

/** The first rows, as a network gets them. */
export interface Preview {
  readonly features: readonly string[];
  /** Of each row, in the order of `features`. */
  readonly rows: readonly (readonly number[])[];
}

/** What `--json` prints. */
export interface DescribedTable {
  readonly name: string;
  readonly sha256: Readonly<Record<string, string>>;
  /** All of the file, and those without target. */
  readonly rows: number;
  readonly dropped: number;
  readonly columns: readonly PlannedColumn[];
  /** What is learned; null if no target was named, or it cannot be learned. */
  readonly task: string | null;
  readonly why: string | null;
  readonly target: readonly string[];
  readonly classes: readonly { readonly name: string; readonly rows: number }[];
  readonly positive: string | null;
  /** Rows to train on, to validate with and to test. */
  readonly parts:
    | { readonly train: number; readonly validation: number; readonly test: number }
    | null;
  /** Why training refuses the table as it is; null where it does not, or no target was named. */
  readonly refusal: string | null;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly preview: Preview | null;
}
