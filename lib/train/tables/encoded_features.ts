/** Rows of a table as features: in memory where they are few, else encoded again whenever they are wanted. */
import { Encoder } from "../../dataset/preprocessing/encoder.ts";
import { noteLines } from "../../dataset/preprocessing/notes.ts";
import type { Preprocessing } from "../../dataset/preprocessing/preprocessing.ts";
import type { FeatureReader } from "../../dataset/samples.ts";
import type { Table } from "../../dataset/table.ts";

/** More float32 than these (64 MiB) are not kept: a back end has its own copy. */
const MOST_KEPT = 2 ** 24;
/** Rows that are encoded at once, to find out what is odd about them. */
const CHUNK_ROWS = 4096;

export interface EncodedFeatures {
  readonly rows: number;
  readonly shape: readonly [number];
  readonly features: Float32Array | FeatureReader;
  /** Of a reader. */
  readonly isAnyOrder: boolean;
  readonly notes: readonly string[];
}

/** @throws {WeftError} if a cell cannot be encoded */
export function encodedFeatures(preprocessing: Preprocessing, table: Table): EncodedFeatures {
  const encoder = new Encoder(preprocessing, table);
  const { rows, features: size } = encoder;
  const isKept = rows * size <= MOST_KEPT;
  const kept = new Float32Array(isKept ? rows * size : CHUNK_ROWS * size);
  let room = kept;
  const reader: FeatureReader = (first, count) => {
    if (room.length < count * size) room = new Float32Array(count * size);
    const values = room.subarray(0, count * size);
    encoder.encode(values, first, count);
    return values;
  };
  if (isKept) encoder.encode(kept, 0, rows);
  else {
    for (let first = 0; first < rows; first += CHUNK_ROWS) {
      encoder.encode(kept, first, Math.min(CHUNK_ROWS, rows - first));
    }
  }
  const notes = noteLines(encoder.notes);
  return { rows, shape: [size], features: isKept ? kept : reader, isAnyOrder: !isKept, notes };
}
