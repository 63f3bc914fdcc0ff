/** Tables as data sets of a model that there is: its columns, its task and its classes count. */
import type { TableDataset } from "../../dataset/table_dataset.ts";
import type { Table } from "../../dataset/table.ts";
import type { TargetedFeatures } from "../../dataset/samples.ts";
import type { Model } from "../../model/model.ts";

/** Rows as a model takes them, with their targets. */
export interface ModelRows {
  readonly data: TargetedFeatures;
  /** Rows without target, which are left out. */
  readonly dropped: number;
  /** What is odd about the rows, a line each. */
  readonly notes: readonly string[];
}

/**
 * Rows of a table as a model takes them. A class that the model does not know is none that it can find: such a row counts
 * as an error, and is noted.
 *
 * @throws {UsageError} if the model has no preprocessing, or the table not its target
 * @throws {WeftError} if no column is one of the model's, or no row has a target
 */
export function rowsForModel(_model: Model, _table: Table | TableDataset): ModelRows {
  throw new Error("not yet");
}
