/** Rows for a model that is used: raw rows of tables, which its preprocessing encodes, or numbers as it takes them. */
import { isArrayOf, refuse } from "../checks.ts";
import { encode, type RawRows } from "../dataset/preprocessing/encode.ts";
import { noteLines } from "../dataset/preprocessing/notes.ts";
import type { SampleData } from "../dataset/samples.ts";
import type { Table } from "../dataset/table.ts";
import { isTable, type TableDataset } from "../dataset/table_dataset.ts";
import { UsageError, WeftError } from "../errors.ts";
import { inputOf, type Model } from "../model/model.ts";
import { requireFiniteRows, requireModel } from "./sample_checks.ts";
import { rowsForModel } from "./tables/model_dataset.ts";

/** Gets a line for each thing that is odd about raw rows. */
export type NoteTaker = (line: string) => void;

/** What a model predicts from: raw rows, if it was trained on a table, or numbers. */
export type PredictRows = RawRows | Uint8Array | Float32Array;

/** Rows for a model, from numbers alone. @throws {UsageError} where they are of another type @throws {WeftError} where not whole */
export function rowsFor(model: Model, given: PredictRows, onNote: NoteTaker | undefined) {
  requireModel(model, "Cannot predict");
  const values = isRaw(model, given) ? encodedFor(model, given, onNote) : given;
  const { element, shape } = inputOf(model);
  const isFloat = element === "float32";
  if (!isArrayOf(isFloat ? "Float32Array" : "Uint8Array", values)) {
    const give = isFloat
      ? "a Float32Array of features, as the model was trained on"
      : "a Uint8Array of bytes from 0 to 255, as the model was trained on";
    refuse("Cannot predict", isFloat ? "features" : "pixels", values, give);
  }
  const { inputs } = model.architecture;
  const rows = values.length / inputs;
  if (!Number.isInteger(rows) || rows < 1) {
    const [what, size] = isFloat
      ? ["float32 features", shape.join(" x ")]
      : ["bytes", `${model.height} x ${model.width}`];
    throw new WeftError(
      `Cannot predict from ${values.length} ${what}: the model takes ${
        shape.length === 1 ? inputs : `${size} = ${inputs}`
      } ${what} a sample, and one sample at least`,
    );
  }
  requireFiniteRows(values, inputs, "Cannot predict", "features");
  return { rows, element, shape, values };
}

/** Whether rows are to be encoded: a table, or objects. */
function isRaw({ preprocessing }: Model, rows: PredictRows): rows is RawRows {
  if (isTable(rows)) return true;
  return Array.isArray(rows) && (preprocessing !== undefined || typeof rows[0] === "object");
}

function encodedFor(model: Model, rows: RawRows, onNote: NoteTaker | undefined): Float32Array {
  if (!model.preprocessing) {
    throw new UsageError(
      "Cannot predict from raw rows: the model was not trained on a table, and has no preprocessing; give numbers as it takes them",
    );
  }
  const { values, notes } = encode(model.preprocessing, rows);
  if (onNote) noteLines(notes).forEach(onNote);
  return values;
}

/** The rows of a table that a model is evaluated on. @throws as `rowsForModel` */
export function tableRows(
  model: Model,
  table: TableDataset | Table,
  onNote: NoteTaker | undefined,
): SampleData {
  const { data, notes } = rowsForModel(model, table);
  if (onNote) notes.forEach(onNote);
  return data;
}
