/** Finds comparisons of back ends below the folder of runs. */

/** Why a comparison cannot be shown. */
export interface ComparisonProblem {
  readonly name: string;
  readonly problem: string;
}

/** The comparisons below a folder, the latest first. */
export function readComparisons(_root: string): {
  readonly comparisons: unknown[];
  readonly problems: ComparisonProblem[];
} {
  return { comparisons: [], problems: [] };
}
