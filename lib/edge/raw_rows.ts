/**
 * Reads raw rows of a table and encodes them as the model takes them: JSON `{"rows": [{"age": 31, ...}, ...]}`, or one such
 * object in place of the array, or CSV. Exported predictors of other models do not carry this module.
 */
import { readCsv } from "../dataset/formats/csv.ts";
import { encode, type RawRows } from "../dataset/preprocessing/encode.ts";
import { noteLines } from "../dataset/preprocessing/notes.ts";
import type { Preprocessing } from "../dataset/preprocessing/preprocessing.ts";
import { described, parseJson, unusable } from "./json_body.ts";
import type { Limits } from "./limits.ts";
import { Refusal } from "./refusal.ts";

export interface RowsRead {
  /** N x I, row-major. */
  readonly values: Float32Array;
  /** Whether several rows may have been sent, so that an array of answers is expected. */
  readonly isBatch: boolean;
  /** What is odd about the rows, a line each. */
  readonly notes: readonly string[];
}

export type RowReader = typeof readRawRows;

/**
 * @param body a whole body
 * @param type of its content: application/json, or text/csv
 * @throws {Refusal} 400 where it holds no such rows or a column that the model does not know, 413 where there are too many
 * @throws {WeftError} where a cell is not what its column holds, or the CSV is malformed
 */
export async function readRawRows(
  body: Uint8Array,
  type: string,
  preprocessing: Preprocessing,
  { images: most }: Pick<Limits, "images">,
): Promise<RowsRead> {
  const { raw, count, isBatch } = type === "text/csv"
    ? await fromCsv(body)
    : fromJson(body, preprocessing);
  // A window has as many rows as training said, and is one answer.
  if (count > Math.max(most, preprocessing.window?.length ?? 0)) {
    throw new Refusal(
      413,
      `Cannot predict from ${count} rows at once: at most ${most} are read; send fewer`,
    );
  }
  const { values, notes } = encode(preprocessing, raw);
  const [unknown] = notes.unknownColumns;
  if (unknown) {
    const { name, suggestion } = unknown;
    throw unusable(
      `it has the column ${described(name)}, which the model does not know`,
      suggestion === null
        ? `the columns that GET /schema lists`
        : `${JSON.stringify(suggestion)}, if that is meant`,
    );
  }
  return { values, isBatch, notes: noteLines(notes) };
}

async function fromCsv(body: Uint8Array) {
  const raw = await readCsv(body, { name: "the body" });
  return { raw, count: raw.rows, isBatch: true };
}

function fromJson(body: Uint8Array, { columns }: Preprocessing) {
  const right = `{"rows": [{${JSON.stringify(columns[0].name).slice(0, 80)}: ..., ...}]}`;
  const sent = parseJson(body, right)?.rows;
  if (typeof sent !== "object" || sent === null) throw unusable(`it has no array "rows"`, right);
  const isBatch = Array.isArray(sent);
  const rows: readonly unknown[] = isBatch ? sent : [sent];
  if (rows.length === 0) throw unusable(`"rows" has no row`, right);
  rows.forEach((row, i) => {
    if (typeof row === "object" && row !== null && !Array.isArray(row)) return;
    throw unusable(`row ${i} is ${described(row)}, not an object`, right);
  });
  return { raw: rows as RawRows, count: rows.length, isBatch };
}
