/** Reads the files that the user names. */
import { host } from "../host/mod.ts";
import { MOST_BYTES, readWholeFile } from "../bytes/read_file.ts";
import { messageOf, WeftError } from "../errors.ts";
import { runsFolder } from "./places.ts";
import { isBelow, readOwnFile, requireNoLinksBelow } from "../run_log/shared/open_file.ts";

/**
 * Below the folder of runs, no link is followed.
 *
 * @param what what the file should be, such as "the model"
 * @param remedy what to do where there is no such file
 * @param mostBytes a longer file is not read
 * @throws {WeftError} one line, where it cannot be read
 */
export async function readNamedFile(
  path: string,
  what: string,
  remedy: string,
  mostBytes = MOST_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    if (isBelow(runsFolder(), path)) {
      requireNoLinksBelow(runsFolder(), path);
      return readOwnFile(path, mostBytes);
    }
    return await readWholeFile(path, mostBytes);
  } catch (error) {
    throw new WeftError(`Cannot read ${what} ${path || '""'}: ${reasonOf(error)}; ${remedy}`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof host.errors.NotFound) return "there is no such file";
  if (error instanceof host.errors.NotADirectory) return "a part of the path is a file";
  if (error instanceof host.errors.IsADirectory) return "it is a folder";
  if (error instanceof host.errors.PermissionDenied) return "permission denied";
  return messageOf(error);
}
