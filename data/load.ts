/**
 * Finds a data set on this machine and loads it: the way in from the rest of Weft. It takes no
 * permission but to read; what is not there yet is fetched by `fetch.ts`, in another process.
 */

import { basename, join } from "node:path";
import { host, installation } from "../lib/host/mod.ts";
import { FASHION_MNIST_CLASS_NAMES } from "../lib/dataset/class_names.ts";
import type { Dataset, LabeledImages } from "../lib/dataset/dataset.ts";
import { UsageError } from "../lib/errors.ts";
import { assembleDataset, assembleTestSet } from "./assemble.ts";
import { CACHE_DIR, FASHION_MNIST } from "./fashion_mnist.ts";
import { type DataFiles, FILE_NAMES, type FileName, TEST_FILE_NAMES } from "./files.ts";
import { readFolder } from "./folder.ts";
import { findFiles } from "./search.ts";
import { localSources } from "./sources.ts";

export { CACHE_DIR };

/** What only a data set with Fashion-MNIST's checksums is called. */
const IDENTITY = { name: "fashion-mnist", classNames: FASHION_MNIST_CLASS_NAMES.en };

/** Options of `loadDataset`. */
export interface LoadOptions {
  /**
   * A folder with IDX files; unless given, what the variable WEFT_DATA_DIR names, or else
   * Fashion-MNIST.
   */
  readonly dataDir?: string;
  /** Where Fashion-MNIST is kept, unless `CACHE_DIR` has it, which is the default. */
  readonly cacheDir?: string;
  /** Hears what the user should know, a line at a time. */
  readonly onNote?: (line: string) => void;
  /**
   * Whether Fashion-MNIST is looked for in the cache alone, because what is elsewhere will be
   * brought there.
   */
  readonly cacheOnly?: boolean;
  /** Ends the search; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A data set, and where it was found. */
export interface LoadedDataset {
  readonly dataset: Dataset;
  /** The folder that it came from. */
  readonly origin: string;
}

/**
 * Loads the data set in `dataDir`, or else Fashion-MNIST from the cache or a system package's
 * folder.
 *
 * @throws {WeftError} one line on what is wrong with the data folder
 * @throws {MissingDataError} where Fashion-MNIST is not on this machine, a line for each place that
 * was tried in vain
 */
export async function loadDataset(options: LoadOptions = {}): Promise<LoadedDataset> {
  const dataDir = options.dataDir ?? dataDirOfEnvironment();
  if (dataDir === "") {
    throw new UsageError("Cannot read data: the name of the data folder is empty; name a folder");
  }
  if (dataDir !== undefined) return await loadDataFolder(dataDir, options);
  const cacheDir = await hasData(CACHE_DIR) ? CACHE_DIR : options.cacheDir ?? CACHE_DIR;
  const { files, origin } = await findFiles({
    cacheDir,
    sources: options.cacheOnly ? [] : localSources(),
    expected: FASHION_MNIST,
    readOnly: true,
    remedy: installation.main === null
      ? 'Fetch it with "deno task data:fetch"'
      : "Train on a table, as in weft train data.csv --target COLUMN",
  }, options);
  return { dataset: assembleDataset(origin, files, IDENTITY), origin };
}

/** Whether a cache has been filled: its files come to be one after the other, and only when they are complete. */
async function hasData(folder: string): Promise<boolean> {
  return (await host.stat(join(folder, FILE_NAMES[FILE_NAMES.length - 1])).catch(() => null)) !==
    null;
}

/** A test set, and where it was found. */
export interface LoadedTestSet {
  /** Of the data set. */
  readonly name: string;
  /** Null where there is none. */
  readonly test: LabeledImages | null;
  readonly origin: string;
}

/**
 * As `loadDataset`, but the test set alone: files for training in a data folder are neither needed nor read.
 *
 * @throws {WeftError} as `loadDataset`
 */
export async function loadTestFiles(options: LoadOptions = {}): Promise<LoadedTestSet> {
  const folder = options.dataDir ?? dataDirOfEnvironment();
  if (!folder) {
    const { dataset: { name, test }, origin } = await loadDataset(options);
    return { name, test, origin };
  }
  const files = await readFolder(folder, options.signal, TEST_FILE_NAMES);
  const test = assembleTestSet(folder, files);
  const others = strangersIn(files);
  if (others.length > 0) note(options, folder, others);
  const name = files.size > 0 && others.length === 0 ? IDENTITY.name : await nameOfFolder(folder);
  return { name, test, origin: folder };
}

/** Names of the files that are not Fashion-MNIST's. */
function strangersIn(files: DataFiles): FileName[] {
  return [...files].filter(([name, { sha256 }]) => sha256 !== FASHION_MNIST[name].sha256)
    .map(([name]) => name);
}

function note(
  { onNote = () => {} }: LoadOptions,
  folder: string,
  names: FileName[],
  and = "",
) {
  onNote(`Data in ${folder}: not Fashion-MNIST's checksums: ${names.join(", ")}${and}`);
}

/** Loads whatever IDX files are in a folder. */
async function loadDataFolder(folder: string, options: LoadOptions): Promise<LoadedDataset> {
  const files = await readFolder(folder, options.signal);
  const others = strangersIn(files);
  if (others.length === 0) {
    return { dataset: assembleDataset(folder, files, IDENTITY), origin: folder };
  }
  const dataset = assembleDataset(folder, files, { name: await nameOfFolder(folder) });
  note(options, folder, others, `; classes are called 0 to ${dataset.classNames.length - 1}`);
  return { dataset, origin: folder };
}

async function nameOfFolder(folder: string): Promise<string> {
  const name = basename(await host.realPath(folder));
  return name === IDENTITY.name ? `${name}, changed` : name || folder;
}

function dataDirOfEnvironment(): string | undefined {
  try {
    return host.env.get("WEFT_DATA_DIR") || undefined;
  } catch (error) {
    // A program that may not read the variable has not set it for Weft.
    if (error instanceof host.errors.NotCapable) return undefined;
    throw error;
  }
}
