/**
 * The search for Fashion-MNIST: in the cache, then source by source; the first that has it fills
 * the cache.
 */

import { messageOf, WeftError } from "../lib/errors.ts";
import { storeInCache } from "./cache.ts";
import { type Fingerprints, verifyFiles } from "./fashion_mnist.ts";
import { type DataFiles, FILE_NAMES } from "./files.ts";
import { MissingFolderError, readFolder } from "./folder.ts";
import type { FetchContext, Progress, Source } from "./source.ts";

/** Where files are sought, and how the right ones are recognised. */
export interface Places {
  readonly cacheDir: string;
  /** In the order in which they are tried. */
  readonly sources: readonly Source[];
  readonly expected: Fingerprints;
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
 * @throws {WeftError} a line for each place that was tried, where none has the files
 */
export async function findFiles(places: Places, options: SearchOptions = {}): Promise<FoundFiles> {
  const { cacheDir, sources, expected } = places;
  const { onNote = () => {}, onProgress = () => {}, signal } = options;
  const cached = await readCache(places, onNote, signal);
  if (cached) return { files: cached, origin: cacheDir };

  const context: FetchContext = { expected, cacheDir, onProgress, signal };
  const failures = [`${cacheDir}: no complete, undamaged data set yet`];
  for (const source of sources) {
    try {
      const files = await source.fetchFiles(context);
      verifyFiles(files, expected);
      await keep(cacheDir, files, onNote);
      return { files, origin: source.name };
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(`${source.name}: ${messageOf(error)}`);
    }
  }
  throw new NowhereFoundError(failures);
}

const REMEDY = [
  "Connect to the network and try again, or name a folder with --data-dir or WEFT_DATA_DIR that",
  `has these files, plain or .gz: ${FILE_NAMES.join(", ")}`,
];

/** No source has the data. Its message has a line for each, and `oneLine` says the same in one. */
export class NowhereFoundError extends WeftError {
  override name = "NowhereFoundError";
  readonly oneLine: string;

  constructor(failures: readonly string[]) {
    const lines = failures.map((failure) => `  ${failure}`);
    super(["Cannot find Fashion-MNIST. Tried, in this order:", ...lines, ...REMEDY].join("\n"));
    this.oneLine = `Cannot find Fashion-MNIST; tried, in this order: ${failures.join("; ")}. ` +
      REMEDY.join(" ");
  }
}

/** The files of the cache, or null where it does not have them all undamaged. */
async function readCache(
  { cacheDir, expected }: Places,
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
    onNote(`Cannot use the cache ${cacheDir}, so the data is fetched anew: ${reason}`);
    return null;
  }
}

/**
 * Fills the cache. A disk that is full or read-only costs the next start time, but this one
 * nothing.
 */
async function keep(
  cacheDir: string,
  files: DataFiles,
  onNote: (line: string) => void,
): Promise<void> {
  try {
    await storeInCache(cacheDir, files);
  } catch (error) {
    const reason = messageOf(error);
    onNote(`Cannot keep the data in ${cacheDir}, so the next start fetches it again: ${reason}`);
  }
}
