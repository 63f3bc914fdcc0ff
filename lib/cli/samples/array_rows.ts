/** Arrays of rows x features as tables, so that features are standardized, and models take raw rows. */
import { arrayTable, denseClasses } from "../../dataset/array_dataset.ts";
import type { NdArray } from "../../dataset/formats/element_types.ts";
import type { Preprocessing } from "../../dataset/preprocessing/preprocessing.ts";
import type { Table } from "../../dataset/table.ts";
import { UsageError } from "../../errors.ts";
import type { TableOptions } from "../options/tables.ts";
import type { ReadTable } from "../tables/read_table.ts";
import { openArrays } from "./array_file.ts";
import { type ArrayPart, type ReadArrays, readArrays } from "./read_arrays.ts";

/** What the columns are called: in messages, and in rows that are sent to an exported predictor. */
export const COLUMNS = { inputs: "inputs", target: "target" };

/** Whether rows are lists of numbers, and no images, series or volumes. */
export function areRows({ shape }: NdArray): boolean {
  return shape.length <= 2;
}

export function partTable({ inputs, target }: ArrayPart, names = COLUMNS): Table {
  return arrayTable({ inputs, target, names });
}

/** The table of arrays, and what of the options a table has, too. */
export function arrayRows(
  { name, title, train, test, sha256 }: ReadArrays,
  { task, positive, splitLast, test: fraction }: TableOptions,
): { readonly file: ReadTable; readonly testFile: ReadTable | null; readonly given: TableOptions } {
  const table = partTable(train);
  const digest = sha256[title];
  const { target } = train;
  const isWhole = "dtype" in target && !target.dtype?.startsWith("float");
  const isDense = (task ?? "auto") === "auto" && isWhole &&
    denseClasses(table.columns[1], table.rows) !== null;
  return {
    file: { table, name, title, sha256: digest },
    testFile: test && { table: partTable(test), name, title, sha256: digest },
    given: {
      target: [COLUMNS.target],
      task: isDense ? "classification" : task,
      positive,
      splitLast,
      test: fraction,
    },
  };
}

/**
 * A file of arrays as rows of a model that was trained on lists of numbers.
 *
 * @throws {UsageError} if the model's rows are others
 */
export async function arraysForModel(
  path: string,
  given: TableOptions,
  { columns, target }: Preprocessing,
): Promise<ReadTable> {
  requireOneVector(path, columns);
  const { train, title, sha256 } = await readArrays(path, given);
  requireRows(path, train.inputs);
  const names = { inputs: columns[0].name, target: target.names[0] };
  return { table: partTable(train, names), name: path, title, sha256: sha256[title] };
}

/** The same without a target. */
export async function arrayForModel(
  path: string,
  { inputs }: Pick<TableOptions, "inputs">,
  { columns }: Preprocessing,
): Promise<Table> {
  requireOneVector(path, columns);
  const array = await (await openArrays(path)).read(inputs);
  requireRows(path, array);
  return arrayTable({ inputs: array, names: { inputs: columns[0].name } });
}

function requireRows(path: string, array: NdArray): void {
  if (areRows(array)) return;
  throw new UsageError(
    `Cannot use the model on ${path}: the array is ${
      array.shape.join(" x ")
    }, and the model takes rows x features`,
  );
}

/** @throws {UsageError} if rows are more than one list of numbers */
function requireOneVector(path: string, columns: Preprocessing["columns"]): void {
  if (columns.length === 1 && columns[0].kind === "vector") return;
  throw new UsageError(
    `Cannot use the model on ${path}: its rows have the columns ${
      columns.slice(0, 5).map(({ name }) => name).join(", ")
    }${columns.length > 5 ? ", ..." : ""}, and an array has no names; give a table`,
  );
}
