/** Reads what runs leave for a look into their networks. */

import { INSPECTION_FILE } from "../../lib/run_log/file_names.ts";
import {
  type InspectionFile,
  MAX_INSPECTION_BYTES,
  readInspection,
} from "../../lib/run_log/inspection_reader.ts";
import { lookAt, readWhole } from "./log_file.ts";

/** @param name of a run that exists */
export function hasInspection(root: string, name: string): boolean {
  return lookAt(root, name, INSPECTION_FILE).stat !== null;
}

/** @param name of a run that exists */
export function readInspectionOf(root: string, name: string): InspectionFile {
  const { bytes, problem } = readWhole(root, name, INSPECTION_FILE, MAX_INSPECTION_BYTES);
  return bytes ? readInspection(bytes) : { inspection: null, problem };
}
