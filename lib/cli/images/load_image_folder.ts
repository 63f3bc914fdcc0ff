/** A folder of images on a disk as a data set; what was decoded before comes from a cache. */
import { join } from "node:path";
import { host } from "../../host/mod.ts";
import { MOST_BYTES, readWholeFile } from "../../bytes/read_file.ts";
import type { ImageFolderOptions } from "../../images/decode_files.ts";
import type { ImageFolder } from "../../images/folder_parts.ts";
import {
  decodeImageCache,
  encodeImageCache,
  imageCacheKey,
  isImageCache,
} from "../../images/image_cache.ts";
import { messageOf } from "../../errors.ts";
import { writeFileAtomically } from "../../run_log/shared/atomic_file.ts";
import { type ListedFile, listImages } from "./list_images.ts";

/** Named by a variable: what a literal names, Deno loads before it runs anything, here two packages for every command. */
const IMAGES = "../../images.ts";

export interface LoadImagesOptions extends Omit<ImageFolderOptions, "name"> {
  /** Where decoded images are kept from one time to the next; nowhere by default. */
  readonly cacheFolder?: string;
  /** Makes that folder, if it is to be made. */
  readonly makeCacheFolder?: (path: string) => void;
  /** Fewer files are decoded each time; 1 by default. */
  readonly least?: number;
  /** Called now and then while files are looked for, with how many there are so far. */
  readonly onFound?: (files: number) => void;
  /** Gets a line if the cache cannot be read or written: images are decoded all the same. */
  readonly onNote?: (line: string) => void;
}

/**
 * Reads a folder of images.
 *
 * @throws as `imageFolder` and `listImages`
 */
export async function loadImageFolder(
  root: string,
  { cacheFolder, makeCacheFolder, least = 1, onNote, onFound, ...options }: LoadImagesOptions = {},
): Promise<ImageFolder> {
  const files = listImages(root, onFound);
  const keyOf = (listed: readonly ListedFile[]) =>
    imageCacheKey(listed.map(({ state }) => state), options);
  const key = await keyOf(files);
  const path = cacheFolder === undefined || files.length < least
    ? null
    : join(cacheFolder, `${key.slice(0, 32)}.images`);
  const found = path === null ? null : await readCache(path);
  const kept = found && await decodeImageCache(found, key);
  if (kept) return kept;
  const { imageFolder }: typeof import("../../images.ts") = await import(IMAGES);
  const folder = await imageFolder(files, { ...options, name: root });
  // What somebody has written meanwhile may have been decoded before or after.
  if (path === null || await keyOf(listImages(root)) !== key) return folder;
  if (found && !await isImageCache(found)) {
    onNote?.(`${path} is no cache of images that Weft wrote, or is damaged; move it away`);
    return folder;
  }
  try {
    makeCacheFolder?.(cacheFolder!);
    await writeFileAtomically(path, await encodeImageCache(folder, key));
  } catch (error) {
    onNote?.(`decoded images are not kept: ${messageOf(error)}`);
  }
  return folder;
}

/** Null where there is none. What is there and cannot be read is no cache. */
async function readCache(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await readWholeFile(path, MOST_BYTES);
  } catch (error) {
    return error instanceof host.errors.NotFound ? null : new Uint8Array();
  }
}
