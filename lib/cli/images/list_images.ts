/** Finds the files of a folder of images on a disk. */
import { join } from "node:path";
import { type FileInfo, host } from "../../host/mod.ts";
import { MOST_IMAGE_BYTES, readWholeFile } from "../../bytes/read_file.ts";
import { messageOf, WeftError } from "../../errors.ts";
import type { FileState } from "../../images/image_cache.ts";
import type { ImageFile } from "../../images/image_file.ts";

/** A file, and what it was like when it was found. */
export interface ListedFile extends ImageFile {
  readonly state: FileState;
}

/** Folders in folders; deeper ones are a mistake. */
const DEEPEST = 16;

/**
 * All files in a folder and in those below it. Links are followed, but to folders that lie above.
 *
 * @param onFound called now and then with how many there are so far
 * @throws {WeftError} one line, if a folder cannot be read
 */
export function listImages(root: string, onFound?: (files: number) => void): ListedFile[] {
  const files: ListedFile[] = [];
  const walk = (path: string, above: readonly string[]) => {
    const real = host.realPathSync(join(root, path));
    if (above.includes(real) || above.length > DEEPEST) return;
    for (const entry of host.readDirSync(join(root, path))) {
      const own = `${path}${entry.name}`;
      const info = entry.isDirectory ? null : statOf(join(root, own));
      if (entry.isDirectory || info?.isDirectory) walk(`${own}/`, [...above, real]);
      else if (info?.isFile) {
        files.push(listedFile(root, own, info));
        if (files.length % 1000 === 0) onFound?.(files.length);
      }
    }
  };
  try {
    walk("", []);
  } catch (error) {
    throw new WeftError(
      `Cannot read the folder ${root}: ${reasonOf(error)}; name a folder of images`,
    );
  }
  return files;
}

/** Null where a link leads nowhere, or the file has gone meanwhile. */
function statOf(path: string): FileInfo | null {
  try {
    return host.statSync(path);
  } catch (error) {
    if (error instanceof host.errors.NotFound) return null;
    throw error;
  }
}

function listedFile(root: string, path: string, info: FileInfo): ListedFile {
  const bytes = async () => {
    try {
      return await readWholeFile(join(root, path), MOST_IMAGE_BYTES);
    } catch (error) {
      throw new WeftError(reasonOf(error));
    }
  };
  const state = {
    path,
    size: info.size,
    modified: info.mtime?.getTime() ?? 0,
    changed: info.ctime?.getTime() ?? null,
  };
  return { path, bytes, state };
}

function reasonOf(error: unknown): string {
  if (error instanceof host.errors.NotFound) return "it is not there";
  if (error instanceof host.errors.NotADirectory) return "it is a file";
  if (error instanceof host.errors.PermissionDenied) return "permission denied";
  return messageOf(error);
}
