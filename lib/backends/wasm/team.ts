/**
 * The threads of a back end: this one and, where the host allows it, workers over the same memory. What a job is and how
 * it is shared out is in assembly/team/.
 */
import type { Worker as NodeWorker } from "node:worker_threads";
import { WeftError } from "../../errors.ts";
import type { LinearMemory } from "./linear_memory.ts";
import { type CompiledKernels, type Constants, constantsOf, type Exports } from "./kernels.ts";

/**
 * All that a worker does. A text, because loading a file would need read permission.
 */
const WORKER = `
const { parentPort, workerData } = require("node:worker_threads");
const { kernels, memory, job } = workerData;
const instance = new WebAssembly.Instance(kernels, { env: { memory } });
parentPort.once("message", ({ member, members }) => instance.exports.serve(job, member, members));
parentPort.postMessage("ready");
`;

/** More threads than this are not made unless asked for: the baseline's kernels do not last long enough to share. */
const MOST_BY_DEFAULT = 8;

/** What is given back where the system has no room for all: the process dies if it finds none for reading a file. */
const SPARE_THREADS = 4;

/** Threads of a team where nobody says how many: as many as there are processors, at most 8. */
export function defaultThreads(): number {
  return Math.min(navigator.hardwareConcurrency ?? 1, MOST_BY_DEFAULT);
}

export class Team implements Disposable {
  readonly constants: Constants;
  /** Threads, the calling one included. */
  readonly members: number;
  readonly #fork: Exports["fork"];
  readonly #memory: LinearMemory;
  readonly #job: number;
  readonly #workers: readonly NodeWorker[];
  #ended = false;
  #ints: Int32Array;
  #floats: Float32Array;
  #doubles: Float64Array;

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
    const workers = kernels.shared && wanted > 1
      ? await startWorkers(kernels.module, memory, job, wanted)
      : [];
    return new Team(instance, constants, memory, job, workers);
  }

  private constructor(
    instance: WebAssembly.Instance,
    constants: Constants,
    memory: LinearMemory,
    job: number,
    workers: readonly NodeWorker[],
  ) {
    this.constants = constants;
    this.members = workers.length + 1;
    this.#fork = (instance.exports as unknown as Exports).fork;
    this.#memory = memory;
    this.#job = job;
    this.#workers = workers;
    this.#ints = new Int32Array(memory.memory.buffer);
    this.#floats = new Float32Array(memory.memory.buffer);
    this.#doubles = new Float64Array(memory.memory.buffer);
  }

  /** Sets argument `index` of the next job to an address or a whole number. */
  int(index: number, value: number): void {
    this.#view()[(this.#job + this.constants.JOB_ARGUMENTS) / 4 + index] = value;
  }

  /** Sets argument `index` of the next job to a float32. */
  float(index: number, value: number): void {
    this.#view();
    this.#floats[(this.#job + this.constants.JOB_ARGUMENTS) / 4 + index] = value;
  }

  /** Sets arguments `index`, which is even, and `index` + 1 of the next job to one float64. */
  double(index: number, value: number): void {
    this.#view();
    this.#doubles[(this.#job + this.constants.JOB_ARGUMENTS) / 8 + index / 2] = value;
  }

  /** Sets the word at an address to zero. */
  clearWord(address: number): void {
    this.#view()[address / 4] = 0;
  }

  /**
   * Runs the job whose arguments have been set. Once the workers have ended it would wait for them for ever.
   *
   * @param extent how many rows, columns or elements there are
   * @param grain  parts begin at multiples of this
   * @param alone  whether the job is too small to share
   * @throws {WeftError} after the team has been disposed of
   */
  run(kernel: number, extent: number, grain: number, alone: boolean): void {
    this.check();
    const work = (this.#job + this.constants.JOB_WORK) / 4;
    const ints = this.#view();
    ints[work] = kernel;
    ints[work + 1] = extent;
    ints[work + 2] = grain;
    this.#fork(this.#job, alone ? 1 : this.members);
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

  /** Growth replaces a memory's buffer, and its old views with it. */
  #view(): Int32Array {
    const { buffer } = this.#memory.memory;
    if (this.#ints.buffer !== buffer) {
      this.#ints = new Int32Array(buffer);
      this.#floats = new Float32Array(buffer);
      this.#doubles = new Float64Array(buffer);
    }
    return this.#ints;
  }

  /** Ends the workers, asleep or not. */
  [Symbol.dispose](): void {
    if (this.#ended) return;
    if (this.#workers.length > 0) this.run(this.constants.QUIT, 0, 1, false);
    this.#ended = true;
    for (const worker of this.#workers) worker.terminate();
  }
}

/**
 * Workers for members 1 and up, ready to serve: `members` - 1, or fewer if the system has no room for so many, or none if the
 * host has no workers.
 */
async function startWorkers(
  kernels: WebAssembly.Module,
  memory: LinearMemory,
  job: number,
  members: number,
): Promise<NodeWorker[]> {
  let Worker: typeof NodeWorker;
  try {
    // Node's workers rather than the web's: only they can be told not to keep the process alive.
    ({ Worker } = await import("node:worker_threads"));
  } catch {
    return [];
  }
  const starting: Promise<NodeWorker>[] = [];
  const workerData = { kernels, memory: memory.memory, job };
  while (starting.length < members - 1) {
    try {
      // Without an environment of its own a worker is given all of this process's, which takes a permission to read.
      starting.push(readyWorker(new Worker(WORKER, { eval: true, workerData, env: {} })));
    } catch {
      break; // The limit on threads: Deno throws here.
    }
  }
  const started = (await Promise.allSettled(starting)).flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : []
  );
  const hasRoom = started.length === members - 1;
  const workers = hasRoom ? started : started.slice(SPARE_THREADS);
  for (const worker of started) if (!workers.includes(worker)) await worker.terminate();
  // Now that it is known how many they are: more would be waited for, for ever.
  workers.forEach((worker, i) => {
    worker.postMessage({ member: i + 1, members: workers.length + 1 });
  });
  return workers;
}

function readyWorker(worker: NodeWorker): Promise<NodeWorker> {
  return new Promise((resolve, reject) => {
    worker.once("message", () => {
      worker.unref();
      resolve(worker);
    });
    worker.on("error", reject); // For good: one that is ended may complain later.
    worker.once("exit", reject);
  });
}
