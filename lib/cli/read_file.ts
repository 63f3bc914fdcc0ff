/** Reads the files that the user names. */
import { messageOf, WeftError } from "../errors.ts";
import { RUNS_DIR } from "../run_log/file_names.ts";
import { isBelow, readOwnFile, requireNoLinksBelow } from "../run_log/open_file.ts";

/**
 * Below the folder of runs, no link is followed.
 *
 * @param what what the file should be, such as "the model"
 * @param remedy what to do where there is no such file
 * @throws {WeftError} one line, where it cannot be read
 */
export async function readNamedFile(
  path: string,
  what: string,
  remedy: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    if (isBelow(RUNS_DIR, path)) {
      requireNoLinksBelow(RUNS_DIR, path);
      return readOwnFile(path);
    }
    return await Deno.readFile(path);
  } catch (error) {
    throw new WeftError(`Cannot read ${what} ${path || '""'}: ${reasonOf(error)}; ${remedy}`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.NotADirectory) return "a part of the path is a file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return messageOf(error);
}
