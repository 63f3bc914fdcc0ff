/** Why a build step failed, in the one line that a user reads. */
import { host } from "../host/mod.ts";

/**
 * @param what is built: "the kernels"
 * @param folder that it is written to
 * @param error whatever was thrown
 */
export function buildFailure(what: string, folder: string, error: unknown): string {
  return `error: Cannot build ${what} in ${folder}: ${reasonOf(error)}`
    .replace(/\p{Cc}+/gu, " ");
}

function reasonOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (error instanceof host.errors.PermissionDenied || code === "EROFS") {
    return "this user may not write there; have the owner of that folder run the same task once, " +
      "or copy Weft to a folder of your own";
  }
  if (code === "ENOSPC" || code === "EDQUOT") return `the disk is full (${code}); free some space`;
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof TypeError ? `its compiler cannot be loaded: ${text}` : text;
}
