/** Reads comparisons of back ends, `compare.json`, below the folder of runs. */

import { COMPARISON_FILE } from "../../lib/run_log/shared/file_names.ts";
import {
  type ComparisonFile,
  MAX_COMPARISON_LENGTH,
  readComparison,
} from "../../lib/run_log/comparison/comparison.ts";
import type { Comparison } from "../../lib/run_log/comparison/comparison.ts";
import { FileCache } from "./file_cache.ts";
import { findFiles, type Found } from "./find_files.ts";
import { turn } from "./turn.ts";

/** Comparisons that are shown: the ones that were written last. */
const MAX_COMPARISONS = 20;

/** Bytes of all files that one page shows, but for one file, which may have as many by itself. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/** Names of further ones that are linked. */
const MAX_FURTHER = 100;

/** Why a comparison cannot be shown, in a sentence without a full stop. */
interface ComparisonProblem {
  readonly name: string;
  readonly problem: string;
}

/** What there is below a folder. */
export interface Comparisons {
  /** The latest first. */
  readonly comparisons: Comparison[];
  readonly problems: ComparisonProblem[];
  /** Names of those that have no room on the page; each has an address of its own. */
  readonly further: string[];
}

const cache = new FileCache<ComparisonFile>({
  file: COMPARISON_FILE,
  most: MAX_COMPARISON_LENGTH,
  parse: readComparison,
  refuse: (problem) => ({ comparison: null, problem }),
  keptBytes: 2 * MAX_PAGE_BYTES,
  keptFiles: 2 * MAX_COMPARISONS,
});

/**
 * The comparisons below `root`, which need not exist.
 *
 * @param name of the only one that is asked for; null asks for the latest
 */
export async function readComparisons(root: string, name: string | null): Promise<Comparisons> {
  const all = await findFiles(root, COMPARISON_FILE);
  const asked = name === null ? all : all.filter((found) => found.name === name);
  const shown = withinPage(asked);
  const comparisons: Comparison[] = [];
  const problems: ComparisonProblem[] = [];
  for (const { name } of shown) {
    const { comparison, problem } = cache.get(root, name);
    // The folder may have been renamed since.
    if (comparison) comparisons.push({ ...comparison, name });
    else problems.push({ name, problem });
    await turn();
  }
  const further = all.filter((found) => !shown.includes(found)).map(({ name }) => name);
  return { comparisons, problems, further: further.slice(0, MAX_FURTHER) };
}

/** As many as a page can hold; those that are not read are no load for it. */
function withinPage(found: readonly Found[]): Found[] {
  let bytes = 0;
  return found.slice(0, MAX_COMPARISONS).filter(({ size }, i) => {
    if (size > MAX_COMPARISON_LENGTH) return true;
    if (i > 0 && bytes + size > MAX_PAGE_BYTES) return false;
    bytes += size;
    return true;
  });
}
