/** Which runs belong together: the trials of a search, the runs of `--seeds` or `--folds`. */

import { SEARCH_FILE, SUMMARY_FILE } from "../../lib/run_log/shared/file_names.ts";
import type { Groups, RunGroup } from "../shared/types.ts";
import { lookAt } from "./log_file.ts";
import type { RunStore } from "./run_store.ts";
import { readSearchRuns } from "./searches.ts";
import { readSummaryOf } from "./summaries.ts";
import { turn } from "./turn.ts";

/** Of each kind: the ones that were written last. */
const MOST_GROUPS = 100;

/** Groups of the runs that the store lists; a run is in one at most. */
export async function readGroups(store: RunStore): Promise<Groups> {
  const { root } = store;
  const listed = new Set(store.list().map(({ entry }) => entry.name));
  const groups: RunGroup[] = [];
  const of: Record<string, number> = Object.create(null);
  const dropped: string[] = [];
  const add = (group: RunGroup, runs: readonly string[]) => {
    const own = runs.filter((name) => listed.has(name) && !(name in of));
    if (own.length === 0) return;
    for (const name of own) of[name] = groups.length;
    groups.push(group);
  };
  for (const name of newest(root, SEARCH_FILE, store.others)) {
    const trials = readSearchRuns(root, name);
    add({ kind: "search", name }, trials.map(({ run }) => run));
    for (const { run, isDropped } of trials) if (isDropped && listed.has(run)) dropped.push(run);
    await turn();
  }
  for (const name of newest(root, SUMMARY_FILE, store.others)) {
    const { summary } = readSummaryOf(root, name);
    if (!summary) continue;
    // Those under way are not in the file yet.
    const suffix = summary.kind === "seeds" ? "-seed-" : "-fold-";
    const isOwn = (run: string) =>
      run.startsWith(name + suffix) && /^\d+$/.test(run.slice((name + suffix).length));
    add({ kind: summary.kind, name }, [...listed].filter(isOwn));
    await turn();
  }
  return { groups, of: { ...of }, dropped };
}

/** Those of the folders that have the file; the ones that were written last come first. */
function newest(root: string, file: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const { stat } = lookAt(root, name, file);
    return stat ? [{ name, modifiedAt: stat.modifiedAt }] : [];
  }).sort((a, b) => b.modifiedAt - a.modifiedAt).slice(0, MOST_GROUPS).map(({ name }) => name);
}
