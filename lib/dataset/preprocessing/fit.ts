/** Learns from the rows to train on what encodes all rows. */
import type { Table } from "../table.ts";
import type { ColumnPlan } from "./column_plan.ts";
import type { Preprocessing, TargetColumns } from "./preprocessing.ts";

/**
 * Fits medians, means, deviations and categories.
 *
 * @param rows to train on, by number, in any order: nothing of other rows has an effect
 */
export function fitPreprocessing(
  _table: Table,
  _rows: Uint32Array,
  _plan: ColumnPlan,
  _target: TargetColumns = { names: [] },
): Preprocessing {
  throw new Error("not yet");
}
