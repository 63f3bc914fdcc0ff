/** The four files of a data set, as they are in memory once read and decompressed. */

import { createHash } from "node:crypto";
import type { NamedBytes } from "../lib/dataset/idx.ts";

/** Names as upstream gives them, in the order in which files are fetched and reported. */
export const FILE_NAMES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

export type FileName = typeof FILE_NAMES[number];

/** Those of the test set. */
export const TEST_FILE_NAMES = FILE_NAMES.filter((name) => name.startsWith("t10k-"));

/** One file. */
export interface DataFile extends NamedBytes {
  /** Of `bytes`, in lower-case hexadecimal. */
  readonly sha256: string;
}

/** The files that were found, in the order of `FILE_NAMES`. */
export type DataFiles = ReadonlyMap<FileName, DataFile>;

/** A file with its checksum. */
export function dataFile(path: string, bytes: Uint8Array<ArrayBuffer>): DataFile {
  // Not crypto.subtle: it hashes a copy, for the training images 47 MB more and twice the time.
  return { path, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}
