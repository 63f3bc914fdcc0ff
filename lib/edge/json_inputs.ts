/** Reads rows of float32 features from JSON: `{"inputs": [[5.1, 3.5, ...], ...]}`, or one such row. */
import { described, parseJson, unusable } from "./json_body.ts";
import type { Limits } from "./limits.ts";
import { Refusal } from "./refusal.ts";

export interface JsonRows {
  /** N x I, row-major. */
  readonly values: Float32Array;
  /** Whether an array of rows was sent, so that an array of answers is expected. */
  readonly isBatch: boolean;
}

/**
 * @param body   a whole body
 * @param inputs numbers of a row
 * @throws {Refusal} 400 where it is not such rows, 413 where there are too many
 */
export function readJsonInputs(
  body: Uint8Array,
  inputs: number,
  { images: most }: Pick<Limits, "images">,
): JsonRows {
  const right = `{"inputs": [[...]]}`;
  const sent = parseJson(body, right)?.inputs;
  if (!Array.isArray(sent)) throw unusable(`it has no array "inputs"`, right);
  const isBatch = sent.length === 0 || Array.isArray(sent[0]);
  const rows: readonly unknown[] = isBatch ? sent : [sent];
  if (rows.length === 0) throw unusable(`"inputs" has no row`, right);
  if (rows.length > most) {
    throw new Refusal(
      413,
      `Cannot predict from ${rows.length} rows at once: at most ${most} are read; send fewer`,
    );
  }
  const values = new Float32Array(rows.length * inputs);
  rows.forEach((row, i) => {
    if (!Array.isArray(row)) {
      throw unusable(`row ${i} is ${described(row)}, not an array`, `${inputs} numbers a row`);
    }
    if (row.length !== inputs) {
      throw unusable(`row ${i} has ${row.length} numbers`, `${inputs} numbers a row`);
    }
    row.forEach((value, j) => {
      if (typeof value !== "number" || !Number.isFinite(Math.fround(value))) {
        throw unusable(`number ${j} of row ${i} is ${described(value)}`, "numbers of float32");
      }
      values[i * inputs + j] = value;
    });
  });
  return { values, isBatch };
}
