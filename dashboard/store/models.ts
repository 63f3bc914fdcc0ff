/** The networks that runs have saved. */

import { MODEL_FILE } from "../../lib/run_log/shared/file_names.ts";
import { readOwnFile } from "../../lib/run_log/shared/open_file.ts";
import { lookAt, whyUnreadable } from "./log_file.ts";

/** A hundred times as long as the largest that a preset trains; more would take the server's memory. */
const MAX_MODEL_BYTES = 256 * 2 ** 20;

/** Bytes, or in a sentence without a full stop why there are none. */
type ModelFile =
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly problem: null }
  | { readonly bytes: null; readonly problem: string };

/** @param name of a run that exists */
export function hasModel(root: string, name: string): boolean {
  return lookAt(root, name, MODEL_FILE).stat !== null;
}

/** @param name of a run that exists */
export function readModelOf(root: string, name: string): ModelFile {
  try {
    const bytes = readOwnFile(`${root}/${name}/${MODEL_FILE}`, MAX_MODEL_BYTES);
    return { bytes, problem: null };
  } catch (error) {
    return { bytes: null, problem: whyUnreadable(MODEL_FILE, error) };
  }
}
