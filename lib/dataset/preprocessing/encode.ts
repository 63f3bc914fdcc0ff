/**
 * Encodes rows as a model takes them: the one function for it in training, prediction, exported predictors and browsers.
 * It imports nothing that is large.
 */
import type { Table } from "../table.ts";
import type { EncodingNotes } from "./notes.ts";
import type { Preprocessing } from "./preprocessing.ts";

/** Rows as a table, or as objects: `{ age: 31, sex: "female" }`. */
export type RawRows = Table | readonly object[];

export interface Encoded {
  /** N. */
  readonly rows: number;
  /** N x I, row-major; the same bits wherever they are computed. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly notes: EncodingNotes;
}

/**
 * Encodes raw rows.
 *
 * @throws {WeftError} one line: a number column has a cell that is no number, a vector has another length
 */
export function encode(_preprocessing: Preprocessing, _rows: RawRows): Encoded {
  throw new Error("not yet");
}
