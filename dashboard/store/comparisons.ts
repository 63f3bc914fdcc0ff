/** Reads comparisons of back ends, `compare.json`, below the folder of runs. */

import { COMPARISON_FILE } from "../../lib/run_log/file_names.ts";
import { MAX_COMPARISON_LENGTH, readComparison } from "../../lib/run_log/compare_reader.ts";
import type { Comparison } from "../../lib/run_log/compare_schema.ts";
import { isFolderName, lookAt, readWhole } from "./log_file.ts";

/** Comparisons that are shown: the ones that were written last. */
const MAX_COMPARISONS = 20;

/** Why a comparison cannot be shown, in a sentence without a full stop. */
export interface ComparisonProblem {
  readonly name: string;
  readonly problem: string;
}

/** What there is below a folder. */
export interface Comparisons {
  /** The latest first. */
  readonly comparisons: Comparison[];
  readonly problems: ComparisonProblem[];
}

/** The comparisons below `root`, which need not exist. */
export function readComparisons(root: string): Comparisons {
  const found = foldersOf(root).flatMap((name) => {
    const { stat } = lookAt(root, name, COMPARISON_FILE);
    return stat ? [{ name, modifiedAt: stat.modifiedAt }] : [];
  }).sort((a, b) => b.modifiedAt - a.modifiedAt || (a.name < b.name ? 1 : -1));
  const comparisons: Comparison[] = [];
  const problems: ComparisonProblem[] = [];
  for (const { name } of found.slice(0, MAX_COMPARISONS)) {
    const file = readWhole(root, name, COMPARISON_FILE, MAX_COMPARISON_LENGTH);
    const { comparison, problem } = file.bytes ? readComparison(file.bytes) : {
      comparison: null,
      problem: file.problem,
    };
    // The folder may have been renamed since.
    if (comparison) comparisons.push({ ...comparison, name });
    else problems.push({ name, problem });
  }
  return { comparisons, problems };
}

/** A folder that cannot be read is the list of runs' to tell. */
function foldersOf(root: string): string[] {
  try {
    return [...Deno.readDirSync(root)].map(({ name }) => name).filter(isFolderName);
  } catch {
    return [];
  }
}
