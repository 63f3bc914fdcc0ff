/** Rows with their targets, as a model takes them: of a table, arrays or images. */
import type { Model } from "../../model/model.ts";
import { rowsForModel } from "../../train/tables/model_dataset.ts";
import { requireRowKind } from "../data_kind.ts";
import type { TableOptions } from "../options/tables.ts";
import { arraysForModel } from "../samples/array_rows.ts";
import { type ModelSamples, samplesForModel } from "../samples/model_samples.ts";
import { readTable } from "./read_table.ts";

export type EvaluatedRows = Pick<TableOptions, "target" | "inputs" | "skipBroken">;

/**
 * @param data a path, or "-" for standard input
 * @throws {UsageError} if the model takes other rows
 * @throws {WeftError} if they cannot be read
 */
export async function rowsToEvaluate(
  data: string,
  { model, path }: { readonly model: Model; readonly path: string },
  options: EvaluatedRows,
): Promise<ModelSamples> {
  return model.preprocessing
    ? await tableRows(data, model, options)
    : await samplesForModel(data, { model, path }, options);
}

async function tableRows(
  data: string,
  model: Model,
  options: EvaluatedRows,
): Promise<ModelSamples> {
  const isArray = await requireRowKind(data, "Cannot evaluate on");
  const file = isArray
    ? await arraysForModel(data, options, model.preprocessing!)
    : await readTable(data);
  const { title, sha256 } = file;
  return { title, sha256: { [title]: sha256 }, ...rowsForModel(model, file.table) };
}
