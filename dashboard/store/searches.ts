/** Reads searches for options, `search.json`, below the folder of runs. */

import { SEARCH_FILE } from "../../lib/run_log/file_names.ts";
import { MAX_SEARCH_LENGTH, readSearch, type SearchFile } from "../../lib/run_log/search_reader.ts";
import { bestTrial, metricOf } from "../../lib/run_log/search_ranking.ts";
import type { SearchSummary } from "../shared/types.ts";
import { isFolderName, lookAt, readWhole } from "./log_file.ts";

/** Searches that are listed: the ones that were written last. */
const MAX_SEARCHES = 100;

/** All bytes that are read for one list; long files beyond are left out, so that it is answered soon. */
const MAX_LIST_BYTES = 32 * 1024 * 1024;

/** Why a search cannot be shown, in a sentence without a full stop. */
export interface SearchProblem {
  readonly name: string;
  readonly problem: string;
}

export interface Searches {
  /** The latest first. */
  readonly searches: SearchSummary[];
  readonly problems: SearchProblem[];
}

/** The searches below `root`, which need not exist. */
export function readSearches(root: string): Searches {
  const found = foldersOf(root).flatMap((name) => {
    const { stat } = lookAt(root, name, SEARCH_FILE);
    return stat ? [{ name, modifiedAt: stat.modifiedAt, size: stat.size }] : [];
  }).sort((a, b) => b.modifiedAt - a.modifiedAt || (a.name < b.name ? 1 : -1));
  const searches: SearchSummary[] = [];
  const problems: SearchProblem[] = [];
  let bytes = 0;
  for (const { name, size } of found.slice(0, MAX_SEARCHES)) {
    if (size <= MAX_SEARCH_LENGTH) bytes += size;
    const { search, problem } = bytes > MAX_LIST_BYTES
      ? { search: null, problem: "the list is long enough; open it by its own address" }
      : readSearchOf(root, name);
    if (!search) {
      problems.push({ name, problem });
      continue;
    }
    const best = bestTrial(search);
    const { status, startedAt, strategy, metric, totalMs, trials } = search;
    searches.push({
      name,
      status,
      startedAt,
      strategy,
      metric,
      totalMs,
      trials: trials.length,
      best: best && { run: best.run, value: metricOf(best, metric), epochs: best.epochs },
    });
  }
  return { searches, problems };
}

/** @param name one that `isFolderName` accepts */
export function readSearchOf(root: string, name: string): SearchFile {
  const { bytes, problem } = readWhole(root, name, SEARCH_FILE, MAX_SEARCH_LENGTH);
  if (!bytes) return { search: null, problem };
  const file = readSearch(bytes);
  // The folder may have been renamed since.
  return file.search ? { search: { ...file.search, name }, problem: null } : file;
}

/** Whether there is a search of that name, readable or not. */
export function hasSearch(root: string, name: string): boolean {
  return isFolderName(name) && lookAt(root, name, SEARCH_FILE).stat !== null;
}

/** A folder that cannot be read is the list of runs' to tell. */
function foldersOf(root: string): string[] {
  try {
    return [...Deno.readDirSync(root)].map(({ name }) => name).filter(isFolderName);
  } catch {
    return [];
  }
}
