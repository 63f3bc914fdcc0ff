/**
 * The cache: a folder with the four files, decompressed and verified, from which the next start
 * reads. A file comes into being under a temporary name and is renamed when it is complete, so a
 * reader never meets a half-written one.
 */

import { join } from "node:path";
import { type FsFile, host } from "../lib/host/mod.ts";
import { writeFileAtomically } from "../lib/run_log/shared/atomic_file.ts";
import type { DataFiles } from "./files.ts";

const SCRATCH_PREFIX = "unfinished-";

/** Lies in a scratch folder, locked as long as its process lives; says that the folder is Weft's own. */
const MARK_FILE = "weft-scratch";
const MARK = "Weft made this folder, and removes it.\n";

/**
 * Runs `use` with a new temporary folder inside the cache, and removes the folder whatever happens.
 * What processes that were killed have left there is removed too.
 */
export async function withScratchFolder<T>(
  cacheDir: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  await host.mkdir(cacheDir, { recursive: true });
  removeAbandoned(cacheDir);
  const folder = await host.makeTempDir({ dir: cacheDir, prefix: SCRATCH_PREFIX });
  const mark = host.openSync(join(folder, MARK_FILE), { write: true, createNew: true });
  try {
    claim(mark);
    mark.writeSync(new TextEncoder().encode(MARK));
    return await use(folder);
  } finally {
    mark.close();
    await host.remove(folder, { recursive: true });
  }
}

/** Writes the files into the cache, each flushed to the disk before it gets its name. */
export async function storeInCache(cacheDir: string, files: DataFiles): Promise<void> {
  await host.mkdir(cacheDir, { recursive: true });
  removeAbandoned(cacheDir);
  // The folder may be a link: the user decides where the cache is.
  const anywhere = () => {};
  for (const [name, { bytes }] of files) {
    await writeFileAtomically(join(cacheDir, name), bytes, anywhere);
  }
}

/** A name alone says nothing about whose a folder is: only what has the mark, and nobody's claim on it, goes. */
function removeAbandoned(cacheDir: string): void {
  for (const { name, isDirectory } of host.readDirSync(cacheDir)) {
    if (!isDirectory || !name.startsWith(SCRATCH_PREFIX)) continue;
    const path = join(cacheDir, name);
    try {
      if (isAbandoned(join(path, MARK_FILE))) host.removeSync(path, { recursive: true });
    } catch {
      // Someone else removes it, or it is someone else's: either way no reason to stop.
    }
  }
}

function isAbandoned(mark: string): boolean {
  if (!host.lstatSync(mark).isFile || host.readTextFileSync(mark) !== MARK) return false;
  using file = host.openSync(mark, { read: true, write: true });
  return claim(file);
}

/** @returns whether no other process has it; false where that cannot be told */
function claim(file: FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch {
    return false;
  }
}
