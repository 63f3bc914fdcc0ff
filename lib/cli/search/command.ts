/** `search`: trains many configurations out of a space, each as a run of its own, and says which is best. */
import { UsageError } from "../../errors.ts";
import { FolderClaim, removeAllAbandoned } from "../../run_log/shared/folder_claim.ts";
import { HeldFolder } from "../../run_log/shared/held_folder.ts";
import { SEARCH_FILE } from "../../run_log/shared/file_names.ts";
import { requireFreeRunName, type RunFolder } from "../../run_log/run/run_folder.ts";
import { MAX_TRIALS } from "../../run_log/search/search.ts";
import { bestTrial } from "../../run_log/search/ranking.ts";
import {
  type Search,
  SEARCH_SCHEMA,
  type SearchStatus,
  type TrialRecord,
} from "../../run_log/search/search.ts";
import { rungsOf } from "../../search/halving.ts";
import { SearchProgress } from "../../search/progress.ts";
import type { Task } from "../../task/task.ts";
import { differencesOf } from "../../train/checkpoint/state.ts";
import { type IdentifiedData, identifyData } from "./identify_data.ts";
import { INTERRUPTED, interruption } from "../interruption.ts";
import type { SearchCommandOptions } from "../options/search.ts";
import { print, printErrorLine, printJson, StatusLine } from "../output.ts";
import { type PlannedSearch, planSearch } from "./plan.ts";
import { searchReport, statusLine } from "./report.ts";
import { argumentsOf } from "./space.ts";
import { requireMayStart } from "./train_process.ts";
import { standAt, trainTrial } from "./trial_process.ts";
import { runTrials } from "./trials.ts";
import { runsFolder } from "../places.ts";
import { makeRunFolder, requireLeaveForRuns } from "../task_line.ts";

/** @returns the exit code: 0 completed, or its time is over; 1 no trial came to anything; 130 interrupted */
export async function searchCommand(options: SearchCommandOptions): Promise<number> {
  requireLeaveForRuns();
  if (options.nats === undefined) return await search(options);
  if (options.launcher) {
    throw new UsageError(
      "Cannot search with --launcher and with --nats at once: workers start the trials; leave out one of them",
    );
  }
  const { withBroker } = await import("./nats/broker_process.ts");
  return await withBroker(options.nats, options, () => search(options));
}

async function search(options: SearchCommandOptions): Promise<number> {
  if (runsFolder().includes(",")) {
    throw new UsageError(
      `Cannot search with trials in ${runsFolder()}: Deno cannot be told of a folder with a comma, ` +
        "so trials may not write there; name another with --runs",
    );
  }
  const startedAt = new Date();
  // The clock on the wall may be set meanwhile.
  const startedMs = performance.now();
  const { name, json } = options;
  if (options.launcher) requireMayStart(options.launcher[0]);
  const asked = await planSearch(options);
  const { earlier, draws, trialsAsked } = asked;
  removeAllAbandoned(runsFolder());
  if (name !== undefined) requireFreeRunName(runsFolder(), name);
  const { task, ...dataset } = await dataOf(asked);
  const plan = { ...asked, measure: measureOfTask(asked, task) };
  if (trialsAsked !== null && options.trials !== undefined && trialsAsked < options.trials) {
    printErrorLine(`note: the space has ${draws.size} different trials; each is trained once`);
  }
  const folder: RunFolder = earlier
    ? { name: earlier.name, path: `${runsFolder()}/${earlier.name}` }
    : makeRunFolder(name ?? { searchedAt: startedAt });
  const held = HeldFolder.at(folder.path);
  using _claim = claim(held, { name: folder.name, isNew: earlier === null });

  const progress = new SearchProgress(
    { ...plan, name: folder.name },
    draws,
    MAX_TRIALS,
    earlier?.trials,
  );
  // Trials of a search that never had one cannot know it.
  const id = earlier ? earlier.id : crypto.randomUUID();
  const searchOf = (status: SearchStatus): Search => {
    const best = bestTrial({ ...plan, trials: progress.trials });
    return {
      type: "search",
      schema: SEARCH_SCHEMA,
      status,
      ...(id === undefined ? {} : { id }),
      name: folder.name,
      startedAt: earlier?.startedAt ?? startedAt.toISOString(),
      totalMs: (earlier?.totalMs ?? 0) + performance.now() - startedMs,
      ...settingsOf(plan),
      dataset,
      trials: progress.trials,
      ...(best ? { bestArguments: [...plan.data ?? [], ...argumentsOf(best.options)] } : {}),
    };
  };
  const write = async (status: SearchStatus): Promise<Search> => {
    const search = searchOf(status);
    const bytes = new TextEncoder().encode(`${JSON.stringify(search, null, 1)}\n`);
    await held.write(SEARCH_FILE, bytes);
    return search;
  };

  const facts = { search: id ?? "", data: dataArguments(plan), sha256: dataset.sha256 };
  await using workers = await openWorkers(options, earlier, facts);
  await write("running");
  using status = new StatusLine();
  using interrupted = interruption();
  const timeLeft = plan.timeMs === null ? null : plan.timeMs - (earlier?.totalMs ?? 0);
  const outcome = await runTrials(progress, {
    id,
    workers: plan.workers,
    train: (step, { onEpoch, ...settings }) =>
      workers ? workers.train(step, { ...settings, onEpoch }) : trainTrial(step, {
        ...settings,
        data: dataArguments(plan),
        launcher: options.launcher,
        onEpoch: (epoch) => onEpoch(standAt(epoch)),
      }),
    signal: interrupted.signal,
    timeMs: timeLeft,
    onChange: async () => void await write("running"),
    onEpoch: () => status.set(statusLine(searchOf("running"))),
    onTrial: (trial: TrialRecord) => {
      if (json) printJson({ type: "trial", ...trial });
    },
  });
  const failed = progress.trials.every(({ scores }) => scores.length > 0 && scores[0] === null);
  const ended = outcome === "completed" && failed ? "failed" : outcome;
  const search = await write(ended);
  if (ended === "completed" || ended === "failed") await workers?.forget(search.trials);
  else await workers?.stop();
  status.clear();
  if (json) printJson(search);
  else print(searchReport(search));
  if (ended === "failed") {
    printErrorLine("error: Search failed: every trial failed or diverged (see above)");
  }
  return ended === "failed" ? 1 : ended === "interrupted" ? INTERRUPTED : 0;
}

/** Null where trials are trained on this machine. */
async function openWorkers(
  { nats }: SearchCommandOptions,
  earlier: Search | null,
  facts: { search: string; data: readonly string[]; sha256: Search["dataset"]["sha256"] },
) {
  if (nats === undefined) return null;
  if (facts.search === "") {
    throw new UsageError(
      `Cannot resume the search ${
        earlier!.name
      } with --nats: an earlier Weft began it, whose trials nobody knows again; ` +
        "leave out --nats",
    );
  }
  // By a name that is made here: what Deno reads in an import, it fetches the packages of for every command.
  const path = new URL("./nats/coordinator.ts", import.meta.url).href;
  const { Coordinator }: typeof import("./nats/coordinator.ts") = await import(path);
  return await Coordinator.open(nats, facts);
}

function settingsOf(plan: PlannedSearch) {
  const { strategy, metric, measure, seed, trialsAsked, timeMs, workers, dataDir, data, space } =
    plan;
  return {
    strategy,
    metric,
    ...(measure ? { measure } : {}),
    seed,
    trialsAsked,
    timeMs,
    workers,
    dataDir,
    ...(data ? { data } : {}),
    bracketSize: plan.bracketSize,
    rungs: plan.epochs === null ? [] : rungsOf(plan.bracketSize, plan.epochs),
    space,
  };
}

/** Arguments of commands that name the data. */
function dataArguments({ dataDir, data }: PlannedSearch): readonly string[] {
  return data ?? (dataDir === null ? [] : ["--data-dir", dataDir]);
}

/** @throws {UsageError} where the task has no such metric */
function measureOfTask({ metric, measure }: PlannedSearch, { name, metrics }: Task) {
  if (!measure) return undefined;
  const found = metrics.find((known) => known.name === measure.name);
  if (found) return found;
  throw new UsageError(
    `Cannot search with --metric ${metric}: the task ${name} has the metrics ${
      metrics.map((known) => known.name).join(", ")
    }; name one of them`,
  );
}

/** @throws {UsageError} where a search would continue with other data */
async function dataOf(plan: PlannedSearch): Promise<Omit<IdentifiedData, "preset">> {
  const { earlier } = plan;
  const { name, sha256, task } = plan.identified ?? await identifyData(dataArguments(plan));
  const differences = earlier ? differencesOf(earlier.dataset.sha256, sha256) : [];
  if (differences.length === 0) return { name, sha256, task };
  throw new UsageError(
    `Cannot resume the search ${earlier!.name} on other data: ${differences.join(", ")}; ` +
      "restore the original data, or start another search",
  );
}

/**
 * Claims a search for this process until it ends, however it does.
 *
 * @throws {UsageError} where another process is at it
 * @throws {WeftError} where it cannot be claimed
 */
function claim(folder: HeldFolder, { name, isNew }: { name: string; isNew: boolean }): Disposable {
  const claim = isNew ? FolderClaim.ofNew(folder) : FolderClaim.ofEarlier(folder);
  if (claim) return claim;
  throw new UsageError(
    `Cannot resume the search ${name}: another process is running it; wait for it to finish`,
  );
}
