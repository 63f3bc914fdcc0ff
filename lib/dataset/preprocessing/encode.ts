/**
 * Encodes rows as a model takes them: the one function for it in training, prediction, exported predictors and browsers.
 * It imports nothing that is large.
 */
import { Encoder, type RawRows } from "./encoder.ts";
import type { EncodingNotes } from "./notes.ts";
import type { Preprocessing } from "./preprocessing.ts";

export type { RawRows };

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
export function encode(preprocessing: Preprocessing, raw: RawRows): Encoded {
  const encoder = new Encoder(preprocessing, raw);
  const { rows, features } = encoder;
  const values = new Float32Array(rows * features);
  encoder.encode(values, 0, rows);
  return { rows, values, notes: encoder.notes };
}
