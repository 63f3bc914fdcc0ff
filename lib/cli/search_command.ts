/** `search`: trains many configurations out of a space, each as a run of its own, and says which is best. */
import { UsageError } from "../errors.ts";
import { writeFileAtomically } from "../run_log/atomic_file.ts";
import { RUNS_DIR, SEARCH_FILE } from "../run_log/file_names.ts";
import { createRunFolder, requireFreeRunName, type RunFolder } from "../run_log/run_folder.ts";
import { MAX_TRIALS } from "../run_log/search_reader.ts";
import {
  type Search,
  SEARCH_SCHEMA,
  type SearchStatus,
  type TrialRecord,
} from "../run_log/search_schema.ts";
import { rungsOf } from "../search/halving.ts";
import { SearchProgress } from "../search/progress.ts";
import { differencesOf } from "../train/state.ts";
import { INTERRUPTED, interruption } from "./interruption.ts";
import { loadData } from "./load_data.ts";
import { print, printError, StatusLine } from "./output.ts";
import { type PlannedSearch, planSearch, type SearchCommandOptions } from "./search_plan.ts";
import { searchReport, statusLine } from "./search_report.ts";
import { runTrials } from "./search_trials.ts";

/** @returns the exit code: 0 completed, or its time is over; 1 no trial came to anything; 130 interrupted */
export async function searchCommand(options: SearchCommandOptions): Promise<number> {
  const startedAt = new Date();
  const { name, json } = options;
  const plan = await planSearch(options);
  const { earlier, draws, trialsAsked } = plan;
  if (name !== undefined) requireFreeRunName(RUNS_DIR, name);
  if (trialsAsked !== null && options.trials !== undefined && trialsAsked < options.trials) {
    printError(`note: the space has ${draws.size} different trials; each is trained once`);
  }
  // Fetched now where it need be, because trials fetch nothing.
  const dataset = await datasetOf(plan);
  const folder: RunFolder = earlier
    ? { name: earlier.name, path: `${RUNS_DIR}/${earlier.name}` }
    : createRunFolder(RUNS_DIR, name ?? { searchedAt: startedAt });
  using _claim = claim(folder);

  const progress = new SearchProgress(
    { ...plan, name: folder.name },
    draws,
    MAX_TRIALS,
    earlier?.trials,
  );
  const searchOf = (status: SearchStatus): Search => ({
    type: "search",
    schema: SEARCH_SCHEMA,
    status,
    name: folder.name,
    startedAt: earlier?.startedAt ?? startedAt.toISOString(),
    totalMs: (earlier?.totalMs ?? 0) + Date.now() - startedAt.getTime(),
    ...settingsOf(plan),
    dataset,
    trials: progress.trials,
  });
  const write = async (status: SearchStatus): Promise<Search> => {
    const search = searchOf(status);
    const bytes = new TextEncoder().encode(`${JSON.stringify(search, null, 1)}\n`);
    await writeFileAtomically(`${folder.path}/${SEARCH_FILE}`, bytes);
    return search;
  };

  await write("running");
  using status = new StatusLine();
  using interrupted = interruption();
  const timeLeft = plan.timeMs === null ? null : plan.timeMs - (earlier?.totalMs ?? 0);
  const outcome = await runTrials(progress, {
    workers: plan.workers,
    dataDir: plan.dataDir ?? undefined,
    signal: interrupted.signal,
    timeMs: timeLeft,
    onChange: async () => void await write("running"),
    onEpoch: () => status.set(statusLine(searchOf("running"))),
    onTrial: (trial: TrialRecord) => {
      if (json) print(JSON.stringify({ type: "trial", ...trial }));
    },
  });
  const failed = progress.trials.every(({ scores }) => scores.length > 0 && scores[0] === null);
  const ended = outcome === "completed" && failed ? "failed" : outcome;
  const search = await write(ended);
  status.clear();
  print(json ? JSON.stringify(search) : searchReport(search));
  if (ended === "failed") {
    printError("error: Cannot search: no trial came to anything; see why above");
  }
  return ended === "failed" ? 1 : ended === "interrupted" ? INTERRUPTED : 0;
}

function settingsOf(plan: PlannedSearch) {
  const { strategy, metric, seed, trialsAsked, timeMs, workers, dataDir, space } = plan;
  return {
    strategy,
    metric,
    seed,
    trialsAsked,
    timeMs,
    workers,
    dataDir,
    bracketSize: plan.bracketSize,
    rungs: plan.epochs === null ? [] : rungsOf(plan.bracketSize, plan.epochs),
    space,
  };
}

/** @throws {UsageError} where a search would go on with other data */
async function datasetOf({ dataDir, earlier }: PlannedSearch): Promise<Search["dataset"]> {
  const { dataset: { name, sha256 } } = await loadData(dataDir ?? undefined);
  const differences = earlier ? differencesOf(earlier.dataset.sha256, sha256) : [];
  if (differences.length === 0) return { name, sha256 };
  throw new UsageError(
    `Cannot go on with the search ${earlier!.name} on other data: ${differences.join(", ")}; ` +
      "bring back what it was begun with, or start another search",
  );
}

/**
 * Claims a search for this process until it ends, however it does.
 *
 * @throws {UsageError} where another process is at it
 */
function claim({ name, path }: RunFolder): Disposable {
  const file = Deno.openSync(`${path}/lock`, { create: true, write: true });
  let isFree = true;
  try {
    isFree = file.tryLockSync(true);
  } catch {
    // A file system without claims.
  }
  if (isFree) return file;
  file.close();
  throw new UsageError(
    `Cannot go on with the search ${name}: another process is at it; wait for that to end`,
  );
}
