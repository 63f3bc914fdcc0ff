/**
 * Looks at files below the folder of runs, and reads them; lib/run_log/shared/open_file.ts says which it does not. Folders and
 * files there may come from strangers.
 */

import { messageOf } from "../../lib/errors.ts";
import { NoOwnFileError, OpenFile, requireOwnFile } from "../../lib/run_log/shared/open_file.ts";

/** What a file was when it was last looked at. */
export interface FileStat {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Another file of the same name has another number; null where the system has none. */
  readonly inode: number | null;
}

/** A file's state, or in a sentence without a full stop why it cannot be read. */
type Looked =
  | { readonly stat: FileStat; readonly problem: null }
  | { readonly stat: null; readonly problem: string };

/** Whether a folder of runs can hold a folder of that name. A stranger's folder may be called anything else. */
export function isFolderName(name: string): boolean {
  // deno-lint-ignore no-control-regex -- a name with NUL makes every system call throw
  return name !== "" && name.length <= 255 && !name.startsWith(".") && !/[/\\\x00]/.test(name);
}

/**
 * Looks at `ROOT/NAME/FILE` without opening it.
 *
 * @param name one that `isFolderName` accepts
 */
export function lookAt(root: string, name: string, file: string): Looked {
  try {
    const { size, mtime, ino } = requireOwnFile(`${root}/${name}/${file}`);
    return { stat: { size, modifiedAt: mtime?.getTime() ?? 0, inode: ino }, problem: null };
  } catch (error) {
    return refuse(whyUnreadable(file, error));
  }
}

/** Why a file cannot be read, without its path: that is the server's business. */
export function whyUnreadable(file: string, error: unknown): string {
  if (error instanceof NoOwnFileError) return error.message;
  if (error instanceof Deno.errors.NotFound) return `it has no ${file}`;
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return `${file} must not be read: permission denied`;
  }
  return `${file} cannot be read: ${
    messageOf(error).replace(/(,|:)? (open|stat|readfile) '.*$/, "")
  }`;
}

/** Whether `after` can be `before` with more at its end. */
export function isContinued(before: FileStat, after: FileStat): boolean {
  return before.inode === after.inode && before.size <= after.size;
}

export function isSame(before: FileStat, after: FileStat): boolean {
  return isContinued(before, after) && before.size === after.size &&
    before.modifiedAt === after.modifiedAt;
}

/**
 * Bytes of a file from `offset`, fewer than `length` only at its end.
 *
 * @throws as `new OpenFile` does
 */
export function readBytes(path: string, offset: number, length: number): Uint8Array<ArrayBuffer> {
  using file = new OpenFile(path);
  return file.read(offset, new Uint8Array(length));
}

/**
 * A whole file below the folder of runs, or why it is not read.
 *
 * @param most bytes; a longer file is refused
 */
export function readWhole(
  root: string,
  name: string,
  file: string,
  most: number,
): { readonly bytes: Uint8Array; readonly problem: null } | {
  readonly bytes: null;
  readonly problem: string;
} {
  const { stat, problem } = lookAt(root, name, file);
  if (!stat) return { bytes: null, problem };
  if (stat.size > most) {
    return {
      bytes: null,
      problem: `${file} has ${stat.size} bytes; the most that is read is ${most}`,
    };
  }
  try {
    return { bytes: readBytes(`${root}/${name}/${file}`, 0, stat.size), problem: null };
  } catch (error) {
    return { bytes: null, problem: whyUnreadable(file, error) };
  }
}

function refuse(problem: string): Looked {
  return { stat: null, problem };
}
