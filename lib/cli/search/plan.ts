/** What a search is asked to do: by its options, or by the file of one that continues. */
import { MOST_JSON_BYTES } from "../../bytes/read_file.ts";
import { sniffed } from "../../bytes/sniff.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { SEARCH_FILE } from "../../run_log/shared/file_names.ts";
import { NoOwnFileError, readOwnFile } from "../../run_log/shared/open_file.ts";
import { checkRunName } from "../../run_log/run/run_folder.ts";
import { MAX_SEARCH_LENGTH, MAX_TRIALS, readSearch } from "../../run_log/search/search.ts";
import type { Search, Strategy, TrialRecord } from "../../run_log/search/search.ts";
import type { MetricRecord } from "../../run_log/run/records.ts";
import { METRICS } from "../../task/mod.ts";
import { TrialDraws } from "../../search/draws.ts";
import { bracketSize } from "../../search/halving.ts";
import { trialName } from "../../search/progress.ts";
import type { SearchSpace } from "../../search/space.ts";
import type { SearchCommandOptions } from "../options/search.ts";
import { readNamedFile } from "../read_file.ts";
import { type IdentifiedData, identifyData } from "./identify_data.ts";
import { configOf, readSpace } from "./space.ts";
import { dataFolderOfEnvironment, runsFolder } from "../places.ts";
import { requireTableArguments, tableArguments, withPreset } from "../tables/search_arguments.ts";

/** Where nobody says how many trials, nor how long: a bracket of four rungs. */
const DEFAULT_TRIALS = 27;

/** Steps that wait for workers of other machines, or are with them: they may be many. */
const MOST_OFFERED = 256;

/** More processes than this at once are taken for a slip of the finger. */
const MOST_WORKERS = 1024;

export interface PlannedSearch extends Pick<Search, "metric" | "measure"> {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly trialsAsked: number | null;
  readonly timeMs: number | null;
  readonly workers: number;
  readonly dataDir: string | null;
  /** Arguments that name a table; null where images are trained on. */
  readonly data: readonly string[] | null;
  readonly space: SearchSpace;
  readonly draws: TrialDraws;
  readonly bracketSize: number;
  /** Of every trial, where they are halved. */
  readonly epochs: number | null;
  /** What the data is, where that has been found out. */
  readonly identified: IdentifiedData | null;
  /** What has been done already. */
  readonly earlier: Search | null;
}

/** @throws {UsageError} one line on the first option, or the first part of the space, that cannot be used */
export async function planSearch(options: SearchCommandOptions): Promise<PlannedSearch> {
  const workers = whole(
    "--workers",
    options.workers ?? (options.nats === undefined ? navigator.hardwareConcurrency : MOST_OFFERED),
    MOST_WORKERS,
  );
  if (options.resume !== undefined) return planFrom(options.resume, options, workers);
  if (options.space === undefined) {
    throw new UsageError(
      "Cannot search without a space: --space names a JSON file with what to vary, such as " +
        '{"learning-rate": {"log-uniform": [0.01, 1]}}',
    );
  }
  const { strategy = "halving", metric = "validation-loss", seed = 0, time = null } = options;
  const data = await tableArguments(options);
  const text = await readSpaceFile(options.space);
  // What is wrong with the space is said before a large file is read.
  readSpace(text, options.space);
  const identified = data ? await identifyData(data) : null;
  const space = readSpace(
    data && identified ? withPreset(text, identified, data) : text,
    options.space,
  );
  const asked = options.trials ?? (time === null ? DEFAULT_TRIALS : null);
  const dataDir = data ? null : options.dataDir ?? dataFolderOfEnvironment() ?? null;
  return {
    ...planned(
      { strategy, metric, measure: metricNamed(metric), seed, space, asked },
      options.space,
    ),
    timeMs: time,
    workers,
    dataDir,
    data,
    identified,
    earlier: null,
  };
}

/** As it is asked for: with "validation-" before its name or without. */
function metricNamed(metric: string): MetricRecord | undefined {
  const wanted = metric.replace(/^validation-/, "");
  return METRICS.find(({ name }) => name === wanted);
}

/** @throws {UsageError} where it cannot be read */
async function readSpaceFile(path: string): Promise<string> {
  try {
    const remedy = "--space names a JSON file with what to vary";
    const bytes = await readNamedFile(path, "the search space", remedy, MOST_JSON_BYTES);
    const other = sniffed(bytes, "JSON", remedy);
    if (other) throw new UsageError(`Cannot read the search space ${path}: ${other}`);
    return new TextDecoder().decode(bytes);
  } catch (error) {
    throw error instanceof WeftError ? new UsageError(error.message) : error;
  }
}

interface Asked extends Pick<Search, "metric" | "measure"> {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly space: SearchSpace;
  readonly asked: number | null;
}

function planned({ strategy, metric, measure, seed, space, asked }: Asked, source: string) {
  const draws = new TrialDraws(space, seed);
  if (asked !== null) whole("--trials", asked, MAX_TRIALS);
  const trialsAsked = asked === null ? null : Math.min(asked, draws.size);
  const epochs = strategy === "halving" ? epochsOf(space, source) : null;
  const size = trialsAsked ?? (epochs === null ? 1 : bracketSize(epochs));
  return { strategy, metric, measure, seed, space, draws, trialsAsked, epochs, bracketSize: size };
}

/**
 * Of every trial: halving compares them after the same.
 *
 * @throws {UsageError} where they differ
 */
function epochsOf(space: SearchSpace, source: string): number {
  const said = space.find(({ option }) => option === "epochs");
  const preset = space.find(({ option }) => option === "preset");
  for (const dimension of [said, said ? undefined : preset]) {
    if (dimension && dimension.kind !== "fixed") {
      throw new UsageError(
        `Cannot halve the trials of ${source}: "${dimension.option}" varies, and with it the ` +
          'epochs; write one number of "epochs", or take --strategy random',
      );
    }
  }
  const fixed = [said, preset].filter((dimension) => dimension !== undefined);
  return configOf(Object.fromEntries(fixed.map(({ option, values }) => [option, values[0]])))
    .epochs;
}

/** How many trials are trained at once. @throws {UsageError} */
export function wholeNumberOf(flag: "--workers", value: number): number {
  return whole(flag, value, MOST_WORKERS);
}

function whole(flag: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new UsageError(
    `Cannot search with ${flag} ${value}: it must be a whole number from 1 to ${most}`,
  );
}

/** What may be said anew of a search that continues. */
const SAID_ANEW = [
  "resume",
  "time",
  "workers",
  "launcher",
  "nats",
  "tied",
  "runs",
  "json",
  "debug",
];

function planFrom(
  name: string,
  options: SearchCommandOptions,
  workers: number,
): PlannedSearch {
  checkRunName(name);
  const refuse = (reason: string): never => {
    throw new UsageError(`Cannot resume the search ${name}: ${reason}`);
  };
  const others = Object.keys(options).filter((key) => !SAID_ANEW.includes(key));
  if (others.length > 0) {
    refuse(
      `it keeps its own ${
        others.map((key) => key.replace(/[A-Z]/g, "-$&").toLowerCase()).join(", ")
      }` +
        "; only --time, --workers, --launcher and --nats can be said anew",
    );
  }
  const path = `${runsFolder()}/${name}/${SEARCH_FILE}`;
  let bytes: Uint8Array;
  try {
    bytes = readOwnFile(path, MAX_SEARCH_LENGTH);
  } catch (error) {
    if (error instanceof NoOwnFileError) refuse(`of ${path}, ${error.message}`);
    if (error instanceof WeftError) return refuse(`${path} cannot be used: ${error.message}`);
    return refuse(`there is no ${path} that can be read; name a search below ${runsFolder()}/`);
  }
  const { search, problem } = readSearch(bytes);
  if (!search) return refuse(`${path} cannot be used: ${problem}; start another search`);
  if (search.status === "completed") refuse("it is completed; start another search");
  if (search.status === "failed") refuse("all of its trials failed; start another search");
  const timeMs = options.time ?? search.timeMs;
  if (timeMs !== null && timeMs <= (search.totalMs ?? 0)) {
    refuse("its time is over; give it more, such as --time 20m for all of it together");
  }
  const space = readSpace(JSON.stringify(spaceOf(search)), path);
  const { strategy, metric, measure, seed, trialsAsked: asked } = search;
  const plan = planned({ strategy, metric, measure, seed, space, asked }, path);
  requireUnchanged(search, plan, path);
  const { dataDir } = search;
  const data = search.data ? requireTableArguments(search.data, path) : null;
  return {
    ...plan,
    timeMs,
    workers,
    dataDir,
    data,
    identified: null,
    earlier: { ...search, name },
  };
}

/** As its file might have had it. */
function spaceOf({ space }: Search): Record<string, unknown> {
  return Object.fromEntries(space.map(({ option, kind, values }) => [
    option,
    kind === "fixed" || kind === "choice" ? values : { [kind]: values },
  ]));
}

/** Trials are drawn again; what the file says of them must be theirs. */
function requireUnchanged(
  { name, trials }: Search,
  { seed, space, epochs }: Pick<PlannedSearch, "seed" | "space" | "epochs">,
  path: string,
): void {
  const draws = new TrialDraws(space, seed);
  const most = epochs === null ? 1 : 4;
  const isOwn = ({ trial, options, scores, run }: TrialRecord, i: number) =>
    trial === i + 1 && scores.length <= most && run === trialName(name, trial) &&
    JSON.stringify(options) === JSON.stringify(draws.next());
  if (trials.every(isOwn)) return;
  throw new WeftError(
    `Cannot resume ${path}: its trials are not those that its seed draws from its space, so ` +
      "it was changed, or another Weft wrote it; start another search",
  );
}
