/** Reads searches for options, `search.json`, below the folder of runs. */

import { SEARCH_FILE } from "../../lib/run_log/shared/file_names.ts";
import { MAX_SEARCH_LENGTH, readSearch, type SearchFile } from "../../lib/run_log/search/search.ts";
import { measureOf, metricOf } from "../../lib/run_log/search/measure.ts";
import { bestTrial } from "../../lib/run_log/search/ranking.ts";
import type { SearchSummary } from "../shared/types.ts";
import { FileCache } from "./file_cache.ts";
import { findFiles } from "./find_files.ts";
import { isFolderName, lookAt } from "./log_file.ts";
import { turn } from "./turn.ts";

/** Searches that are listed: the ones that were written last. */
const MAX_SEARCHES = 100;

/** All bytes that are read anew for one list; long files beyond are left out, so that it is answered soon. */
const MAX_NEW_BYTES = 32 * 1024 * 1024;

/** Why a search cannot be shown, in a sentence without a full stop. */
interface SearchProblem {
  readonly name: string;
  readonly problem: string;
}

export interface Searches {
  /** The latest first. */
  readonly searches: SearchSummary[];
  readonly problems: SearchProblem[];
}

const cache = new FileCache<SearchFile>({
  file: SEARCH_FILE,
  most: MAX_SEARCH_LENGTH,
  parse: readSearch,
  refuse: (problem) => ({ search: null, problem }),
  keptBytes: 4 * 1024 * 1024,
  keptFiles: 12,
});

/** A trial of a search, as far as the list of runs needs it. */
interface TrialRun {
  readonly run: string;
  readonly isDropped: boolean;
}

const trialRuns = new FileCache<readonly TrialRun[]>({
  file: SEARCH_FILE,
  most: MAX_SEARCH_LENGTH,
  parse: (bytes) =>
    readSearch(bytes).search?.trials.filter(({ begun }) => begun).map(({ run, status }) => ({
      run,
      isDropped: status === "dropped",
    })) ?? [],
  refuse: () => [],
  keptBytes: Infinity,
  keptFiles: MAX_SEARCHES,
});

/** The runs that a search has begun; none where it cannot be read. @param name one that `isFolderName` accepts */
export function readSearchRuns(root: string, name: string): readonly TrialRun[] {
  return trialRuns.get(root, name);
}

/** A search's line, or why there is none. */
type Line =
  | { readonly line: SearchSummary; readonly problem: null }
  | { readonly line: null; readonly problem: string };

/** Lines are short, and kept for every file of a list. */
const lines = new FileCache<Line>({
  file: SEARCH_FILE,
  most: MAX_SEARCH_LENGTH,
  parse: (bytes) => lineOf(readSearch(bytes)),
  refuse: (problem) => ({ line: null, problem }),
  keptBytes: Infinity,
  keptFiles: 2 * MAX_SEARCHES,
});

/** The searches below `root`, which need not exist. */
export async function readSearches(root: string): Promise<Searches> {
  const found = await findFiles(root, SEARCH_FILE);
  const searches: SearchSummary[] = [];
  const problems: SearchProblem[] = [];
  let bytes = 0;
  for (const { name, size } of found.slice(0, MAX_SEARCHES)) {
    if (size <= MAX_SEARCH_LENGTH && !lines.isKept(root, name)) bytes += size;
    const { line, problem } = bytes > MAX_NEW_BYTES && !lines.isKept(root, name)
      ? { line: null, problem: "the list is long enough; open it by its own address" }
      : lines.get(root, name);
    // The folder may have been renamed since.
    if (line) searches.push({ ...line, name });
    else problems.push({ name, problem });
    await turn();
  }
  return { searches, problems };
}

function lineOf({ search, problem }: SearchFile): Line {
  if (!search) return { line: null, problem };
  const best = bestTrial(search);
  const { name, status, startedAt, strategy, totalMs, trials } = search;
  const line = {
    name,
    status,
    startedAt,
    strategy,
    measure: measureOf(search),
    totalMs,
    trials: trials.length,
    best: best && { run: best.run, value: metricOf(best, search), epochs: best.epochs },
  };
  return { line, problem: null };
}

/** @param name one that `isFolderName` accepts */
export function readSearchOf(root: string, name: string): SearchFile {
  const file = cache.get(root, name);
  // The folder may have been renamed since.
  return file.search ? { search: { ...file.search, name }, problem: null } : file;
}

/** Whether there is a search of that name, readable or not. */
export function hasSearch(root: string, name: string): boolean {
  return isFolderName(name) && lookAt(root, name, SEARCH_FILE).stat !== null;
}
