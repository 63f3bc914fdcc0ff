/** Reads what several runs of one configuration came to, `summary.json`, below the folder of runs. */

import { SUMMARY_FILE } from "../../lib/run_log/shared/file_names.ts";
import { readSummary, type Summary } from "../../lib/run_log/summary/summary.ts";
import { FileCache } from "./file_cache.ts";
import { isFolderName, lookAt } from "./log_file.ts";

type SummaryFile = ReturnType<typeof readSummary>;

/** Longer files are refused by their reader too. */
const MAX_BYTES = 2 * 1024 * 1024;

const cache = new FileCache<SummaryFile>({
  file: SUMMARY_FILE,
  most: MAX_BYTES,
  parse: readSummary,
  refuse: (problem) => ({ summary: null, problem }),
  keptBytes: 8 * 1024 * 1024,
  keptFiles: 100,
});

/** @param name one that `isFolderName` accepts */
export function readSummaryOf(root: string, name: string): SummaryFile {
  const file = cache.get(root, name);
  // The folder may have been renamed since.
  return file.summary ? { summary: { ...file.summary, name } as Summary, problem: null } : file;
}

/** Whether there is a summary of that name, readable or not. */
export function hasSummary(root: string, name: string): boolean {
  return isFolderName(name) && lookAt(root, name, SUMMARY_FILE).stat !== null;
}
