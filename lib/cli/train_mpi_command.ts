/**
 * `train:mpi`: one of several processes that train one run. The first of them reads the run, shows how it goes and writes;
 * the others compute.
 */
import { UsageError, type WeftError } from "../errors.ts";
import { host } from "../host/mod.ts";
import { type Brought, disagreement, type Facts, failureOf } from "../mpi/agreement.ts";
import { findMpi, loadMpi, requireLaunched } from "../mpi/library.ts";
import { MpiGroup } from "../mpi/mpi_group.ts";
import type { ProcessesRecord } from "../run_log/run/records.ts";
import { shardsOf } from "../train/process_group.ts";
import { decodeState, encodeState } from "../train/checkpoint/state_file.ts";
import { decodeModel, encodeModel } from "../model/model_file.ts";
import { VERSION } from "./arguments.ts";
import { STDIN } from "./data_kind.ts";
import { openData } from "./open_data.ts";
import type { OpenedData } from "./opened_data.ts";
import type { TrainMpiOptions } from "./options/train_mpi.ts";
import { printErrorLine, signErrorLines } from "./output.ts";
import { variable } from "./places.ts";
import { openRun } from "./train/resumable_run.ts";
import {
  continuingOf,
  exitCodeOf,
  freshPlan,
  reportRun,
  requestedOf,
  resumedPlan,
} from "./train/command.ts";
import {
  type Continuing,
  followRun,
  openTrainingResources,
  type RunPlan,
  type TrainingResources,
  trainRun,
} from "./train/run.ts";
import { requireLeaveForRuns } from "./task_line.ts";

const TIMEOUT_MS = 600_000;

/** Options of a process alone: they may differ. */
const OWN_OPTIONS = [
  "data",
  "dataDir",
  "threads",
  "mpi",
  "mpiTimeout",
  "json",
  "debug",
  "language",
];

/** Options of which what they lead to is a fact of its own. */
const RESOLVED_OPTIONS = ["backend", "simd"];

/** What all processes have found out together: each of them throws it, and the first one says it. */
class SharedError extends Error {
  constructor(override readonly cause: WeftError) {
    super(cause.message);
  }
}

/** @returns the exit code: 0 completed, 1 failed or diverged, 2 the processes do not go together, 130 interrupted */
export async function trainMpiCommand(options: TrainMpiOptions): Promise<number> {
  const launcher = { get: variable };
  const library = loadMpi(options.mpi ?? findMpi(launcher, isFile));
  const group = new MpiGroup(library, host.hostname());
  requireLaunched(launcher, library, group.size);
  const { rank, hosts } = group;
  if (rank > 0) signErrorLines(`rank ${rank} on ${hosts[rank]}`);
  const timeoutMs = options.mpiTimeout ?? TIMEOUT_MS;
  if (!group.watch(timeoutMs) && group.rank === 0) {
    printErrorLine(
      `note: ${library.version} allows no thread to end all processes, so --mpi-timeout has no effect`,
    );
  }
  let result: number | SharedError;
  try {
    result = await trainTogether(options, group);
  } catch (error) {
    result = error instanceof SharedError ? error : alone(error, group);
  }
  group.finalize();
  if (typeof result === "number") return result;
  if (group.rank > 0) return result.cause.exitCode;
  throw result.cause;
}

/** What becomes of an error that one process has: before training, all of them hear of it; later, it ends them. */
function alone(error: unknown, group: MpiGroup): SharedError {
  if (!group.hasBegun) {
    try {
      requireAgreement(group, failureOf(error));
    } catch (shared) {
      return shared as SharedError;
    }
  }
  const { error: message, exitCode } = failureOf(error) as Extract<Brought, { error: string }>;
  printErrorLine(`error: ${message}`);
  group.abort(exitCode);
  host.exit(exitCode);
}

/** @throws {SharedError} where a process differs or has failed */
function requireAgreement(group: MpiGroup, mine: Brought): void {
  const all = group.gather(JSON.stringify(mine)).map((text) => JSON.parse(text) as Brought);
  const wrong = disagreement(group.hosts, all);
  if (wrong) throw new SharedError(wrong);
}

async function trainTogether(options: TrainMpiOptions, group: MpiGroup): Promise<number> {
  using prepared = await prepare(options, group);
  const { plan, resources, state } = prepared;
  group.onBegin = () => requireAgreement(group, { facts: {} });
  const { hosts, size, library: { version } } = group;
  const processes: ProcessesRecord = { count: size, hosts, library: version };
  const together = { group, processes, state };
  if (group.rank > 0) return exitCodeOf(await followRun(plan, resources, together));
  const trained = await trainRun(plan, resources, undefined, together);
  return reportRun(plan, trained, "deno task train:mpi", noteOn(processes, trained.epochs));
}

/** A line on who trained, and how long they talked. */
function noteOn(
  { count, hosts, library }: ProcessesRecord,
  epochs: readonly { readonly epochMs: number | null; readonly phasesMs: object }[],
): string {
  const sum = (of: (epoch: typeof epochs[number]) => number) =>
    epochs.reduce((total, epoch) => total + of(epoch), 0);
  const talked = sum(({ phasesMs }) => (phasesMs as { communicate?: number }).communicate ?? 0);
  const share = Math.round(100 * talked / Math.max(1, sum(({ epochMs }) => epochMs ?? 0)));
  const names = [...new Set(hosts)].join(", ");
  return `${count} processes on ${names} (${library}), ${share} % of the time in communication`;
}

interface Prepared extends Disposable {
  readonly plan: RunPlan;
  readonly resources: TrainingResources;
  readonly state: Parameters<typeof followRun>[2]["state"];
}

/** What the first process tells the others of the run. */
type Told = Pick<RunPlan, "preset" | "config" | "fold"> & {
  /** But for those of a process alone, other than where the data is. */
  readonly options: Partial<RunPlan["options"]>;
};

/**
 * Reads the run and the data.
 *
 * @throws {SharedError} where the processes do not go together, or one of them cannot
 */
async function prepare(given: TrainMpiOptions, group: MpiGroup): Promise<Prepared> {
  using owned = new DisposableStack();
  const isFirst = group.rank === 0;
  let plan: RunPlan | null = null;
  let data: OpenedData | null = null;
  let continuing: Continuing = { freeze: given.freeze };
  let mine: Brought;
  const options = {
    ...given,
    backend: given.backend === "auto" ? "wasm" as const : given.backend,
    threads: given.threads ?? threadsOf(group),
  };
  try {
    if (options.data === STDIN) {
      throw new UsageError(
        "Cannot train in several processes on rows from the standard input, which the first one alone gets; name a file",
      );
    }
    if (isFirst) {
      requireLeaveForRuns(options.resume ?? options.run);
      if (options.resume === undefined) {
        continuing = await continuingOf(options);
        requestedOf(options, continuing, null);
        data = options.data === undefined ? null : await openData(options.data, options);
        plan = freshPlan(options, requestedOf(options, continuing, data), new Date());
      } else {
        plan = resumedPlan(options, await opened(options, options.resume, owned));
        continuing = await continuingOf(plan.options);
      }
    } else if (options.resume === undefined && options.from === undefined) {
      requestedOf(options, continuing, null);
    }
    mine = { facts: {} };
  } catch (error) {
    mine = failureOf(error);
  }
  requireAgreement(group, mine);
  const told = shared<Told>(group, plan && toldOf(plan));
  continuing = { from: sharedModel(group, continuing), freeze: told.options.freeze };
  const { dataDir, data: path } = told.options;
  plan ??= {
    ...told,
    name: "",
    options: {
      ...options,
      // A run that resumes is computed as it was; of a new one, each process says what it would take.
      ...(options.resume === undefined ? {} : told.options),
      data: options.data ?? path,
      dataDir: options.dataDir ?? dataDir,
    },
  };
  let resources: TrainingResources | null = null;
  try {
    shardsOf(group, plan.config.shards);
    resources = owned.use(await openTrainingResources(plan.options, plan, continuing, data));
    mine = { facts: await factsOf(given, resources) };
  } catch (error) {
    mine = failureOf(error);
  }
  requireAgreement(group, mine);
  const state = await sharedState(group, plan);
  const disposables = owned.move();
  return {
    plan,
    resources: resources!,
    state,
    [Symbol.dispose]: () => disposables.dispose(),
  };
}

async function opened(options: TrainMpiOptions, name: string, owned: DisposableStack) {
  if (options.run !== undefined) {
    throw new UsageError(
      `Cannot resume ${name} as --run ${options.run}: a run keeps its name; leave out --run`,
    );
  }
  return owned.use(await openRun(name));
}

function toldOf({ preset, config, fold, options: all }: RunPlan): Told {
  const common = Object.entries(all).filter(([name]) => !OWN_OPTIONS.includes(name));
  const { data, dataDir } = all;
  return { preset, config, fold, options: { ...Object.fromEntries(common), data, dataDir } };
}

/** The model that training begins with, which the first process has read: the others need not have it. */
function sharedModel(group: MpiGroup, { from }: Continuing): Continuing["from"] {
  const bytes = group.broadcast(from ? encodeModel(from) : null);
  return bytes ? decodeModel(bytes, "the model of the first process") : undefined;
}

/** A value of the first process, for all of them. */
function shared<T>(group: MpiGroup, value: T | null): T {
  const bytes = value && new TextEncoder().encode(JSON.stringify(value));
  return JSON.parse(new TextDecoder().decode(group.broadcast(bytes)!));
}

/** The state that a run resumes from, which the first process has read: the others need not have its folder. */
async function sharedState(group: MpiGroup, { name }: RunPlan): Promise<Prepared["state"]> {
  const first = typeof name === "object" && "state" in name ? name.state : null;
  const bytes = group.broadcast(group.rank === 0 && first ? await encodeState(first) : null);
  if (group.rank === 0) return first;
  return bytes && await decodeState(bytes, "the state of the first process");
}

/** Of the processors of a machine, each of its processes takes as many threads. */
function threadsOf({ rank, hosts }: MpiGroup): number | undefined {
  const here = hosts.filter((host) => host === hosts[rank]).length;
  if (here === 1) return undefined;
  return Math.max(1, Math.floor(navigator.hardwareConcurrency / here));
}

async function factsOf(
  options: TrainMpiOptions,
  { backend: { description: { backend, simd } }, source: { sha256 } }: TrainingResources,
): Promise<Facts> {
  const common = Object.entries(options).filter(([name, value]) =>
    ![...OWN_OPTIONS, ...RESOLVED_OPTIONS].includes(name) && value !== undefined
  );
  return {
    version: VERSION,
    Deno: host.version.deno,
    processor: host.build.arch,
    kernels: `${backend}${simd ? ` ${simd}` : ""}`,
    options: await digestOf(common.toSorted(([a], [b]) => a < b ? -1 : 1)),
    data: await digestOf(sha256),
  };
}

async function digestOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

function isFile(path: string): boolean {
  try {
    return host.statSync(path).isFile;
  } catch {
    return false;
  }
}
