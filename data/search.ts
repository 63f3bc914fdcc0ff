/**
 * The search for Fashion-MNIST: in the cache, then source by source; the first that has it fills
 * the cache, where this process fetches data and does not only read it.
 */

import { messageOf, WeftError } from "../lib/errors.ts";
import { storeInCache } from "./cache.ts";
import { type Fingerprints, verifyFiles } from "./fashion_mnist.ts";
import { type DataFiles, FILE_NAMES } from "./files.ts";
import { MissingFolderError, readFolder } from "./folder.ts";
import type { FetchContext, Progress, Source } from "./source.ts";

const CONNECT = "Connect to the network and try again";

/** Where files are sought, and how the right ones are recognized. */
export interface Places {
  readonly cacheDir: string;
  /** In the order in which they are tried. */
  readonly sources: readonly Source[];
  readonly expected: Fingerprints;
  /** Whether the cache is left as it is. */
  readonly readOnly?: boolean;
  /** What to do, besides naming a folder, where no source has the files. */
  readonly remedy?: string;
}

/** No source has the data set. */
export class MissingDataError extends WeftError {
  override name = "MissingDataError";

  /** @param remedy what to do about it, the beginning of a sentence */
  constructor(failures: readonly string[], remedy: string) {
    super(
      `Cannot find Fashion-MNIST; tried, in this order: ${
        failures.join("; ")
      }. ${remedy}, or name a folder with ` +
        `--data-dir or WEFT_DATA_DIR that has these files, plain or .gz: ${FILE_NAMES.join(", ")}`,
    );
  }
}

/** Who hears of the search, and who ends it; see `LoadOptions`. */
export interface SearchOptions {
  readonly onNote?: (line: string) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** The four files, verified, and where they were found. */
export interface FoundFiles {
  readonly files: DataFiles;
  readonly origin: string;
}

/**
 * @throws {MissingDataError} with why each place that was tried does not have the files
 * @throws {WeftError} where they have been fetched and cannot be kept
 */
export async function findFiles(places: Places, options: SearchOptions = {}): Promise<FoundFiles> {
  const { cacheDir, sources, expected, readOnly, remedy = CONNECT } = places;
  const { onNote = () => {}, onProgress = () => {}, signal } = options;
  const cached = await readCache(places, onNote, signal);
  if (cached) return { files: cached, origin: cacheDir };

  const context: FetchContext = { expected, cacheDir, onProgress, signal };
  const failures = [`${cacheDir}: no complete, undamaged data set yet`];
  for (const source of sources) {
    let files: DataFiles;
    try {
      files = await source.fetchFiles(context);
      verifyFiles(files, expected);
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(`${source.name}: ${messageOf(error)}`);
      continue;
    }
    if (!readOnly) await keep(cacheDir, files, source, onNote);
    return { files, origin: source.name };
  }
  throw new MissingDataError(failures, remedy);
}

/** The files of the cache, or null where it does not have them all undamaged. */
async function readCache(
  { cacheDir, expected, readOnly }: Places,
  onNote: (line: string) => void,
  signal?: AbortSignal,
): Promise<DataFiles | null> {
  try {
    const files = await readFolder(cacheDir, signal);
    if (files.size === 0) return null;
    verifyFiles(files, expected);
    return files;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MissingFolderError) return null;
    const reason = messageOf(error);
    const consequence = readOnly
      ? "so the data is sought elsewhere"
      : "so the data is fetched anew";
    onNote(`Cannot use the cache ${cacheDir}, ${consequence}: ${reason}`);
    return null;
  }
}

/**
 * Fills the cache.
 *
 * @throws {WeftError} where it cannot be filled, and the source is none that everybody can read
 */
async function keep(
  cacheDir: string,
  files: DataFiles,
  { isFolder }: Source,
  onNote: (line: string) => void,
): Promise<void> {
  try {
    await storeInCache(cacheDir, files);
  } catch (error) {
    const reason = messageOf(error);
    if (!isFolder) {
      throw new WeftError(
        `Cannot keep Fashion-MNIST in ${cacheDir}: ${reason}; make room there, or make it writable`,
      );
    }
    onNote(`Cannot keep the data in ${cacheDir}, so the next start fetches it again: ${reason}`);
  }
}
