/**
 * Turns what the operating system says about a file or folder into the one line that a user reads.
 */

import { messageOf, WeftError } from "../../errors.ts";

/** What to do about an error of the operating system, by its code. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space or choose another folder",
  EDQUOT: "the disk quota is used up; free some space or choose another folder",
  EACCES: "permission denied; choose a folder that you may write to",
  EPERM: "permission denied; choose a folder that you may write to",
  EROFS: "the file system is read-only; choose another folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  ENOENT: "the folder above it does not exist and cannot be made here",
  EISDIR: "it is a folder, not a file",
  EEXIST: "a file of that name, or a symbolic link that leads nowhere, is there already",
  ELOOP: "symbolic links lead in a circle",
  EFBIG: "the file would be larger than this system or session allows",
  EIO: "the disk reports an input/output error",
};

/**
 * The error to throw when something could not be written.
 *
 * @param action What was asked, with its path: `Cannot <action>: <why>.`
 * @param error What Deno threw.
 */
export function ioFailure(action: string, error: unknown): WeftError {
  const { code } = error as { readonly code?: unknown };
  const remedy = typeof code === "string" ? REMEDIES[code] : undefined;
  const reason = remedy === undefined ? messageOf(error) : `${remedy} (${code})`;
  return new WeftError(`Cannot ${action}: ${reason}.`, { cause: error });
}
