/**
 * The threads of a back end: this one and, where the host allows it, workers over the same memory. What a job is and how
 * it is shared out is in assembly/team/.
 */
import { WeftError } from "../../errors.ts";
import type { LinearMemory } from "./linear_memory.ts";
import { QUIT } from "./job_table.ts";
import { type CompiledKernels, type Constants, constantsOf, type Exports } from "./kernels.ts";
import { type StartedWorkers, startWorkers, type TeamWorker } from "./workers.ts";

/** More threads than this are not made unless asked for: the baseline's kernels do not last long enough to share. */
const MOST_BY_DEFAULT = 8;

/** Threads of a team where nobody says how many: as many as there are processors, at most 8. */
export function defaultThreads(): number {
  return Math.min(processors(), MOST_BY_DEFAULT);
}

/** Logical processors, at least one. Node has a `navigator` since version 21. */
export function processors(): number {
  const { navigator, process } = globalThis as {
    readonly navigator?: { readonly hardwareConcurrency?: number };
    readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
  };
  const system = () =>
    process?.getBuiltinModule?.("node:os") as { availableParallelism(): number } | undefined;
  return navigator?.hardwareConcurrency ?? system()?.availableParallelism() ?? 1;
}

/** What is shared takes one thread as long as so many forks and joins: half of it is saved, if there are two. */
const FORKS = 4;

/**
 * Bounds of the nanoseconds from which on a job is shared. Below the first it is not, however fast a fork is here: the other
 * threads must get the data, too. A machine that is busy while it is measured is not always busy.
 */
const [LEAST, MOST] = [12_000, 25_000];

/** Milliseconds for which forks are measured, forks between looks at the clock, and looks, should it stand still. */
const [MEASURED_MS, FORKS_AT_ONCE, MOST_LOOKS] = [1, 16, 200];

/** What threads need that neither every page nor every host of compiled kernels has. */
const NOT_SHARED =
  "no memory can be shared (kernels that were compiled beforehand take none; a page must be cross-origin isolated)";

export class Team implements Disposable {
  readonly constants: Constants;
  /** Threads, the calling one included. */
  readonly members: number;
  readonly #fork: Exports["fork"];
  readonly #memory: LinearMemory;
  readonly #workers: readonly TeamWorker[];
  /** Of the job's kernel, extent and grain, in units of four bytes. */
  readonly #work: number;
  /** Nanoseconds, about, that a job must take one thread to be shared. */
  readonly worthSharing: number;
  #ended = false;

  /**
   * Makes a team of `threads`, of fewer if the system has no room for so many, or of one if there are no workers.
   */
  static async create(
    kernels: CompiledKernels,
    memory: LinearMemory,
    threads: number | undefined,
  ): Promise<Team> {
    const instance = new WebAssembly.Instance(kernels.module, { env: { memory: memory.memory } });
    const constants = constantsOf(instance);
    const job = memory.allocate(constants.JOB_BYTES);
    const wanted = threads ?? defaultThreads();
    const started: StartedWorkers = wanted === 1
      ? { workers: [] }
      : kernels.shared
      ? await startWorkers(kernels.module, memory, job, wanted)
      : { workers: [], refusal: NOT_SHARED };
    const refusal = started.refusal &&
      `${started.workers.length + 1} of ${wanted} threads compute: ${started.refusal}`;
    return new Team(instance, constants, memory, job, started.workers, refusal);
  }

  private constructor(
    instance: WebAssembly.Instance,
    constants: Constants,
    memory: LinearMemory,
    /** Where the job is that the threads do next. */
    readonly job: number,
    workers: readonly TeamWorker[],
    /** Why fewer compute than were asked for, in one line. */
    readonly refusal?: string,
  ) {
    this.constants = constants;
    this.members = workers.length + 1;
    this.#fork = (instance.exports as unknown as Exports).fork;
    this.#memory = memory;
    this.#workers = workers;
    this.#work = (job + constants.JOB_WORK) / 4;
    this.worthSharing = this.members === 1
      ? Infinity
      : Math.min(MOST, Math.max(LEAST, FORKS * this.#forkNs()));
  }

  /**
   * Nanoseconds of a fork and join: of jobs without rows, so that no part of one is done. The mean, because what counts is how
   * often a thread waits for a processor that others use.
   */
  #forkNs(): number {
    const startedAt = performance.now();
    let [looks, elapsed] = [0, 0];
    for (; elapsed < MEASURED_MS && looks < MOST_LOOKS; looks++) {
      for (let i = 0; i < FORKS_AT_ONCE; i++) this.run(0, 0, 1, true);
      elapsed = performance.now() - startedAt;
    }
    return elapsed / (looks * FORKS_AT_ONCE) * 1e6;
  }

  /**
   * Runs the job whose arguments have been set. Once the workers have ended it would wait for them for ever.
   *
   * @param extent how many rows, columns or elements there are
   * @param grain  parts begin at multiples of this
   * @param shared whether all threads do it, else this one alone
   * @throws {WeftError} after the team has been disposed of
   */
  run(kernel: number, extent: number, grain: number, shared: boolean): void {
    this.check();
    const { ints } = this.#memory;
    const work = this.#work;
    ints[work] = kernel;
    ints[work + 1] = extent;
    ints[work + 2] = grain;
    this.#fork(this.job, shared ? this.members : 1);
  }

  /** Whether the team has been disposed of. */
  get ended(): boolean {
    return this.#ended;
  }

  /** @throws {WeftError} after the team has been disposed of */
  check(): void {
    if (!this.#ended) return;
    throw new WeftError(
      "Cannot compute on a back end that has been disposed of; make another with createBackend",
    );
  }

  /** Ends the workers, asleep or not. */
  [Symbol.dispose](): void {
    if (this.#ended) return;
    if (this.#workers.length > 0) this.run(QUIT, 0, 1, true);
    this.#ended = true;
    for (const worker of this.#workers) worker.terminate();
  }
}
