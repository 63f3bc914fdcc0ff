/** Data sets that lie in a folder, plain or gzip, under either of the names that are in use. */

import { join } from "node:path";
import { type FileInfo, host } from "../lib/host/mod.ts";
import { MOST_BYTES, readWholeFile } from "../lib/bytes/read_file.ts";
import { idxFileBytes, MOST_HEADER_BYTES } from "../lib/dataset/idx.ts";
import { messageOf, WeftError } from "../lib/errors.ts";
import { gunzipIfGzip } from "./bytes.ts";
import { type DataFile, dataFile, type DataFiles, FILE_NAMES, type FileName } from "./files.ts";
import type { Source } from "./source.ts";

/** Decompressed bytes of a file that is not IDX: enough to say what it is. */
const MOST_OTHER_BYTES = 1 << 20;

/** A folder does not exist: of the cache, that is no defect. */
export class MissingFolderError extends WeftError {
  override name = "MissingFolderError";
}

/** A folder that someone else has filled. */
export function folderSource(folder: string): Source {
  return { name: folder, isFolder: true, fetchFiles: ({ signal }) => readFolder(folder, signal) };
}

/**
 * Reads those of the four files, or of `names`, that are there.
 *
 * @returns an empty map where there is none of them
 * @throws {WeftError} where the folder is missing or no folder, or a file cannot be read or
 * decompressed
 */
export async function readFolder(
  folder: string,
  signal?: AbortSignal,
  names: readonly FileName[] = FILE_NAMES,
): Promise<DataFiles> {
  await checkFolder(folder);
  // Read at once, since that waits for the disk; then taken in order, so that of several defects
  // it is always the first file's that is reported.
  const readings = await Promise.allSettled(names.map((name) => readDataFile(folder, name)));
  signal?.throwIfAborted();
  const files = new Map<FileName, DataFile>();
  readings.forEach((reading, i) => {
    if (reading.status === "rejected") throw reading.reason;
    if (reading.value) files.set(names[i], reading.value);
  });
  return files;
}

async function checkFolder(folder: string): Promise<void> {
  const cannot = `Cannot read the data folder ${folder}`;
  let info: FileInfo;
  try {
    info = await host.stat(folder);
  } catch (error) {
    if (error instanceof host.errors.NotFound) {
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

/**
 * The first spelling of the file that exists, or null. Some archives unpack into folders of the files' names, each with its
 * file in it; a file beside them goes first.
 *
 * @throws {WeftError} where there is only a folder of that name, and no such file in it
 */
async function readDataFile(folder: string, name: FileName): Promise<DataFile | null> {
  const dotted = name.replace("-idx", ".idx");
  const spellings = [name, dotted, `${name}.gz`, `${dotted}.gz`];
  const folders: string[] = [];
  for (const spelling of spellings) {
    const path = join(folder, spelling);
    const kind = await kindOf(path);
    if (kind === "folder") folders.push(path);
    if (kind === "file") return await readData(path);
  }
  for (const inside of folders) {
    for (const spelling of spellings) {
      const path = join(inside, spelling);
      if (await kindOf(path) === "file") return await readData(path);
    }
  }
  if (folders.length === 0) return null;
  throw new WeftError(
    `Cannot read ${folders[0]}: it is a directory, and there is no ${name} in it; ` +
      "put the file in its place",
  );
}

/** Null where there is nothing. A pipe is as good as a file. */
async function kindOf(path: string): Promise<"file" | "folder" | null> {
  try {
    return (await host.stat(path)).isDirectory ? "folder" : "file";
  } catch (error) {
    if (error instanceof host.errors.NotFound) return null;
    throw new WeftError(`Cannot read ${path}: ${messageOf(error)}`);
  }
}

async function readData(path: string): Promise<DataFile> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readWholeFile(path, MOST_BYTES);
  } catch (error) {
    throw new WeftError(`Cannot read ${path}: ${messageOf(error)}`);
  }
  return dataFile(path, await gunzipIfGzip(path, bytes, mostBytesOf));
}

/** No file is unpacked further than its own header announces. */
function mostBytesOf(beginning: Uint8Array): number {
  const announced = idxFileBytes(beginning);
  if (announced !== null) return Math.min(announced, MOST_BYTES);
  return beginning.length < MOST_HEADER_BYTES ? MOST_BYTES : MOST_OTHER_BYTES;
}
