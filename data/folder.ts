/** Data sets that lie in a folder, plain or gzip, under either of the names that are in use. */

import { join } from "node:path";
import { messageOf, WeftError } from "../lib/errors.ts";
import { gunzipIfGzip } from "./bytes.ts";
import { type DataFile, dataFile, type DataFiles, FILE_NAMES, type FileName } from "./files.ts";
import type { Source } from "./source.ts";

/** A folder does not exist: of the cache, that is no defect. */
export class MissingFolderError extends WeftError {
  override name = "MissingFolderError";
}

/** A folder that someone else has filled. */
export function folderSource(folder: string): Source {
  return { name: folder, isFolder: true, fetchFiles: ({ signal }) => readFolder(folder, signal) };
}

/**
 * Reads those of the four files that are there.
 *
 * @returns an empty map where there is none of them
 * @throws {WeftError} where the folder is missing or no folder, or a file cannot be read or
 * decompressed
 */
export async function readFolder(folder: string, signal?: AbortSignal): Promise<DataFiles> {
  await checkFolder(folder);
  // Read at once, since that waits for the disk; then taken in order, so that of several defects
  // it is always the first file's that is reported.
  const readings = await Promise.allSettled(FILE_NAMES.map((name) => readDataFile(folder, name)));
  signal?.throwIfAborted();
  const files = new Map<FileName, DataFile>();
  readings.forEach((reading, i) => {
    if (reading.status === "rejected") throw reading.reason;
    if (reading.value) files.set(FILE_NAMES[i], reading.value);
  });
  return files;
}

async function checkFolder(folder: string): Promise<void> {
  const cannot = `Cannot read the data folder ${folder}`;
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new MissingFolderError(
        `${cannot}: there is no such folder; name one that holds IDX files`,
      );
    }
    throw new WeftError(`${cannot}: ${messageOf(error)}`);
  }
  if (!info.isDirectory) {
    throw new WeftError(`${cannot}: it is a file; name the folder that the file is in`);
  }
}

/** The first spelling of the file that exists, or null. */
async function readDataFile(folder: string, name: FileName): Promise<DataFile | null> {
  const dotted = name.replace("-idx", ".idx");
  for (const spelling of [name, dotted, `${name}.gz`, `${dotted}.gz`]) {
    const path = join(folder, spelling);
    const bytes = await readIfExists(path);
    if (bytes) return dataFile(path, await gunzipIfGzip(path, bytes));
  }
  return null;
}

/** A whole file, read into a buffer of its size: `Deno.readFile` takes twice as long for 47 MB. */
async function readIfExists(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    const bytes = new Uint8Array(size);
    let length = 0;
    while (length < size) {
      const count = await file.read(bytes.subarray(length));
      if (count === null) break;
      length += count;
    }
    return bytes.subarray(0, length);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new WeftError(`Cannot read ${path}: ${messageOf(error)}`);
  }
}
