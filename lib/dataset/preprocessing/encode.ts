/**
 * Encodes rows as a model takes them: the one function for it in training, prediction, exported predictors and browsers.
 * It imports nothing that is large.
 */
import { Encoder, type RawRows } from "./encoder.ts";
import type { EncodingNotes } from "./notes.ts";
import type { Preprocessing } from "./preprocessing.ts";
import { rowWindows } from "./row_windows.ts";

export type { RawRows };

/** Rows as a network takes them. */
export interface Encoded {
  /** N; of a model that takes windows, how many windows. */
  readonly rows: number;
  /** N x I, row-major; the same bits wherever they are computed. */
  readonly values: Float32Array<ArrayBuffer>;
  /** What is odd about them. */
  readonly notes: EncodingNotes;
  /** Of a model that takes windows: the row that each ends with. */
  readonly ends?: Uint32Array;
}

/**
 * Encodes raw rows. Where the model takes windows, each row ends one as soon as there are enough before it, of its own group.
 *
 * @throws {WeftError} one line: a number column has a cell that is no number, a vector has another length; there are too few rows for a
 * window
 */
export function encode(preprocessing: Preprocessing, raw: RawRows): Encoded {
  const encoder = new Encoder(preprocessing, raw);
  const { rows, features } = encoder;
  const values = new Float32Array(rows * features);
  encoder.encode(values, 0, rows);
  const { notes } = encoder;
  if (!preprocessing.window) return { rows, values, notes };
  const { ends, read } = rowWindows(encoder, preprocessing.window);
  return { rows: ends.length, values: read(values, 0, ends.length), notes, ends };
}
