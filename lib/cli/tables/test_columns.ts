/** Whether a table for the final test is of the same kind as the one to train on. */
import { didYouMean } from "../../did_you_mean.ts";
import type { TableDataset } from "../../dataset/table_dataset.ts";
import { UsageError } from "../../errors.ts";
import type { ReadTable } from "./read_table.ts";

/** @throws {UsageError} if it lacks a column: a figure over imputed cells would say nothing */
export function requireTestColumns({ plan }: TableDataset, { table, name }: ReadTable): void {
  const names = table.columns.map((column) => column.name);
  const missing = plan.columns
    .filter(({ role }) => role === "input" || role === "target")
    .map((column) => column.name)
    .filter((column) => !names.includes(column));
  if (missing.length === 0) return;
  const others = names.filter((it) => plan.columns.every((column) => column.name !== it));
  const meant = didYouMean(missing[0], others);
  const listed = missing.slice(0, 5).map((it) => JSON.stringify(it)).join(", ");
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
  throw new UsageError(
    `Cannot test on ${name}: it lacks ${missing.length === 1 ? "the column" : "the columns"} ${
      listed + more
    }${
      meant === null ? "" : ` (is ${JSON.stringify(meant)} meant?)`
    }; give a table with the columns that are trained on`,
  );
}
