/**
 * Opens files below the folder of runs, and none elsewhere. Folders there may come from strangers, so symbolic links are
 * not followed, neither for the file nor for its folder, and what is no ordinary file (a pipe would never end) is not read.
 *
 * A look before a file is opened proves nothing, because somebody may put a link there in between. So it is opened, and
 * then what was opened is compared with what lies there, which must be no link. The folder of all runs may be one.
 */

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { type FileInfo, host } from "../../host/mod.ts";
import { MOST_BYTES, tooLong } from "../../bytes/read_file.ts";
import { WeftError } from "../../errors.ts";

/** Something that lies where a file or a folder should, and is none. Its message is a sentence without a full stop. */
export class NoOwnFileError extends WeftError {
  override name = "NoOwnFileError";
}

/** Enough of `Deno.FileInfo`, and of what Node says, to tell files apart. */
interface Identified {
  readonly dev: number;
  readonly ino: number | null;
}

/** A pipe that nobody writes is then opened at once, and refused. Windows has no such pipes in folders. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A file that is open to be read. */
export class OpenFile implements Disposable {
  readonly #descriptor: number;

  /**
   * @param path `FOLDER/FILE`, where the folder's own path up to its name is trusted
   * @throws {NoOwnFileError} if the file or its folder is a link, or the file no ordinary one
   * @throws as `Deno.openSync` does
   */
  constructor(path: string) {
    requireOwnFile(path);
    this.#descriptor = translated(() => openSync(path, READ_AT_ONCE));
    try {
      requireSameFile(path, fstatSync(this.#descriptor));
      // The folder, too, may have been a link for a moment.
      requireOwnFolder(parts(path).folder);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  get size(): number {
    return fstatSync(this.#descriptor).size;
  }

  /** Fills `buffer` from byte `offset` of the file on; the answer is shorter only at the file's end. */
  read(offset: number, buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    let filled = 0;
    while (filled < buffer.length) {
      const wanted = buffer.length - filled;
      const read = readSync(this.#descriptor, buffer, filled, wanted, offset + filled);
      if (read === 0) break;
      filled += read;
    }
    return buffer.subarray(0, filled);
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

/**
 * The whole of a file.
 *
 * @param mostBytes a longer file is not read
 * @throws {WeftError} if it is longer: a sentence's end, without the file's name
 * @throws as `new OpenFile` does
 */
export function readOwnFile(path: string, mostBytes = MOST_BYTES): Uint8Array<ArrayBuffer> {
  using file = new OpenFile(path);
  const { size } = file;
  if (size > mostBytes) throw tooLong(`it has ${size} bytes`, mostBytes);
  return file.read(0, new Uint8Array(size));
}

/**
 * What lies at `FOLDER/FILE`, without opening it.
 *
 * @throws as `new OpenFile` does
 */
export function requireOwnFile(path: string): FileInfo {
  requireOwnFolder(parts(path).folder);
  return requireFile(path);
}

/** @throws {NoOwnFileError} if it is a link or no folder */
export function requireOwnFolder(path: string): FileInfo {
  const found = requireNoLink(path);
  if (found.isDirectory) return found;
  throw new NoOwnFileError(`${parts(path).file} is not a folder`);
}

/**
 * Checks that no folder on the way from `root` to `path` is a link, and `path` is none. What is not there yet is none, and
 * what is not below `root` is not looked at.
 *
 * @param root may be a link
 * @throws {NoOwnFileError} if one is
 */
export function requireNoLinksBelow(root: string, path: string): void {
  if (!isBelow(root, path)) return;
  let at = root.replace(/[/\\]+$/, "");
  for (const part of relative(resolve(root), resolve(path)).split(sep)) {
    at = `${at}/${part}`;
    try {
      requireNoLink(at);
    } catch (error) {
      if (error instanceof NoOwnFileError) throw error;
      return; // There is nothing, or nothing to be seen, here and below.
    }
  }
}

/** Whether a path leads to something in `root`, by their texts; `root` itself is not in it. */
export function isBelow(root: string, path: string): boolean {
  const way = relative(resolve(root), resolve(path));
  return way !== "" && way.split(sep)[0] !== ".." && !isAbsolute(way);
}

/**
 * Checks that what was opened by its path is what lies there.
 *
 * @param opened what the system says of the open file
 * @throws {NoOwnFileError} if it is not
 */
export function requireSameFile(path: string, opened: Identified): void {
  if (isSameFile(requireFile(path), opened)) return;
  throw new NoOwnFileError(`${parts(path).file} was replaced while it was opened`);
}

function requireFile(path: string): FileInfo {
  const found = requireNoLink(path);
  if (found.isFile) return found;
  throw new NoOwnFileError(`${parts(path).file} is not a file`);
}

/** @throws {NoOwnFileError} if it is a link */
export function requireNoLink(path: string): FileInfo {
  const found = host.lstatSync(path);
  if (!found.isSymlink) return found;
  throw new NoOwnFileError(`${parts(path).file} is a symbolic link, which is not followed`);
}

/** Whether two looks saw one file; true where the system numbers none. */
export function isSameFile(one: Identified, other: Identified): boolean {
  return one.ino === null || other.ino === null ||
    (one.ino === other.ino && one.dev === other.dev);
}

/** Splits off the last part of a path. */
export function parts(path: string): { readonly folder: string; readonly file: string } {
  const trimmed = path.replace(/[/\\]+$/, "");
  const cut = Math.max(trimmed.lastIndexOf("/"), trimmed.lastIndexOf("\\"));
  if (cut < 0) return { folder: ".", file: trimmed };
  return { folder: trimmed.slice(0, cut) || "/", file: trimmed.slice(cut + 1) };
}

/** Node has codes where Deno has classes of errors, by which callers tell them apart. */
function translated<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === "ENOENT") throw new host.errors.NotFound(String(error));
    if (code === "EACCES" || code === "EPERM") {
      throw new host.errors.PermissionDenied(String(error));
    }
    throw error;
  }
}
