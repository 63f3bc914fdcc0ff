/** Reads what runs leave for a look into their networks. */

import { INSPECTION_FILE } from "../../lib/run_log/shared/file_names.ts";
import {
  type InspectionFile,
  MAX_INSPECTION_BYTES,
  readInspection,
} from "../../lib/run_log/inspection/inspection.ts";
import { FileCache } from "./file_cache.ts";
import { lookAt } from "./log_file.ts";

const cache = new FileCache<InspectionFile>({
  file: INSPECTION_FILE,
  most: MAX_INSPECTION_BYTES,
  parse: readInspection,
  refuse: (problem) => ({ inspection: null, problem }),
  keptBytes: MAX_INSPECTION_BYTES,
  keptFiles: 12,
});

/** @param name of a run that exists */
export function hasInspection(root: string, name: string): boolean {
  return lookAt(root, name, INSPECTION_FILE).stat !== null;
}

/** @param name of a run that exists */
export function readInspectionOf(root: string, name: string): InspectionFile {
  return cache.get(root, name);
}
