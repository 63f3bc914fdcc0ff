/**
 * The cache: a folder with the four files, decompressed and verified, from which the next start
 * reads. A file comes into being under a temporary name and is renamed when it is complete, so a
 * reader never meets a half-written one.
 */

import { join } from "node:path";
import type { DataFiles } from "./files.ts";

const SCRATCH_PREFIX = "unfinished-";
/** A scratch folder of this age belongs to a process that was killed: no download takes as long. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/**
 * Runs `use` with a new temporary folder inside the cache, and removes the folder whatever happens.
 * What processes that were killed have left there is removed too.
 */
export async function withScratchFolder<T>(
  cacheDir: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  await Deno.mkdir(cacheDir, { recursive: true });
  await removeAbandoned(cacheDir);
  const folder = await Deno.makeTempDir({ dir: cacheDir, prefix: SCRATCH_PREFIX });
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes the files into the cache, each flushed to the disk before it gets its name. */
export async function storeInCache(cacheDir: string, files: DataFiles): Promise<void> {
  await withScratchFolder(cacheDir, async (folder) => {
    for (const [name, { bytes }] of files) {
      await writeDurably(join(folder, name), bytes);
      await Deno.rename(join(folder, name), join(cacheDir, name));
    }
  });
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  let written = 0;
  while (written < bytes.length) written += await file.write(bytes.subarray(written));
  await file.sync();
}

async function removeAbandoned(cacheDir: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(cacheDir)) {
    if (!isDirectory || !name.startsWith(SCRATCH_PREFIX)) continue;
    const path = join(cacheDir, name);
    try {
      const { mtime } = await Deno.stat(path);
      if (mtime && Date.now() - mtime.getTime() > ABANDONED_MS) {
        await Deno.remove(path, { recursive: true });
      }
    } catch {
      // Someone else removes it, or it is someone else's: either way no reason to stop.
    }
  }
}
