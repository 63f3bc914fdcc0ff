/** What a source of data is: the contract that folders, downloads and packages meet. */

import type { Fingerprints } from "./fashion_mnist.ts";
import type { DataFiles } from "./files.ts";

/** How far one file has come. */
export interface Progress {
  /** The source's name. */
  readonly source: string;
  readonly file: string;
  readonly receivedBytes: number;
  /** Null where the source does not say. */
  readonly totalBytes: number | null;
}

/** What a source is given for its work. */
export interface FetchContext {
  /**
   * What the files will be checked against: a source may stop early at a file that cannot be right.
   */
  readonly expected: Fingerprints;
  /** A folder inside which a source may make temporary folders; it need not exist yet. */
  readonly cacheDir: string;
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** One place that may have the data. */
export interface Source {
  /** What messages call it. */
  readonly name: string;
  /** Whether it is a folder of this machine, which every process can read in place of the cache. */
  readonly isFolder?: boolean;
  /**
   * All its files, read and decompressed, not yet verified.
   *
   * @throws {Error} whose message says in one line why it has none
   */
  fetchFiles(context: FetchContext): Promise<DataFiles>;
}
