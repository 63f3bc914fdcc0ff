/**
 * Workers that serve as members of a team, by whichever means the host has: `worker_threads` (Node, Deno, Bun) or the web's
 * (browsers, where a page must be cross-origin isolated and its main thread may not wait).
 */
import type { LinearMemory } from "./linear_memory.ts";

/** A worker that has its instance, and waits to be told its number. */
export interface TeamWorker {
  /** Tells it which member it is; from then on it serves. */
  postMessage(message: { readonly member: number; readonly members: number }): void;
  /** Ends it, asleep or not. */
  terminate(): unknown;
}

/** Workers, and why there are fewer of them than were asked for, in a few words. */
export interface StartedWorkers {
  readonly workers: readonly TeamWorker[];
  readonly refusal?: string;
}

/** What a worker is made from. */
interface Equipment {
  readonly kernels: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Where the job is that the team does next. */
  readonly job: number;
}

/** Makes a worker; resolves when it is ready to serve. Throws, or rejects, where the system has no room for another. */
type MakeWorker = (equipment: Equipment) => Promise<TeamWorker>;

/**
 * All that a worker does. A text, because loading a file would need read permission in Deno, and an address of its own from
 * every bundler.
 */
const NODE_WORKER = `
const { parentPort, workerData } = require("node:worker_threads");
const { kernels, memory, job } = workerData;
const instance = new WebAssembly.Instance(kernels, { env: { memory } });
parentPort.once("message", ({ member, members }) => instance.exports.serve(job, member, members));
parentPort.postMessage("ready");
`;

const WEB_WORKER = `
onmessage = ({ data: { kernels, memory, job } }) => {
  const instance = new WebAssembly.Instance(kernels, { env: { memory } });
  onmessage = ({ data: { member, members } }) => instance.exports.serve(job, member, members);
  postMessage("ready");
};
`;

/** What is given back where the system has no room for all: the process dies if it finds none for reading a file. */
const SPARE_THREADS = 4;

/** Workers for members 1 and up, ready to serve: `members` - 1, or fewer, with the reason. */
export async function startWorkers(
  kernels: WebAssembly.Module,
  memory: LinearMemory,
  job: number,
  members: number,
): Promise<StartedWorkers> {
  const make = workersOfHost();
  if (typeof make === "string") return { workers: [], refusal: make };
  const starting: Promise<TeamWorker>[] = [];
  let refusal = "";
  while (starting.length < members - 1) {
    try {
      starting.push(make({ kernels, memory: memory.memory, job }));
    } catch (error) {
      refusal = `the system has no room for more (${error})`; // The limit on threads: Deno throws here.
      break;
    }
  }
  const started: TeamWorker[] = [];
  for (const result of await Promise.allSettled(starting)) {
    if (result.status === "fulfilled") started.push(result.value);
    else refusal = `one could not start (${result.reason})`;
  }
  const hasRoom = started.length === members - 1;
  const workers = hasRoom ? started : started.slice(SPARE_THREADS);
  for (const worker of started) if (!workers.includes(worker)) await worker.terminate();
  // Now that it is known how many they are: more would be waited for, for ever.
  workers.forEach((worker, i) => {
    worker.postMessage({ member: i + 1, members: workers.length + 1 });
  });
  return hasRoom ? { workers } : { workers, refusal };
}

/** What makes workers here; or why nothing does. */
function workersOfHost(): MakeWorker | string {
  const threads = nodeThreads();
  // Node's workers where there are both: only they can be told not to keep the process alive.
  if (threads) return (equipment) => nodeWorker(threads, equipment);
  if (typeof Worker !== "function") return "this runtime has no workers";
  if (!mayWait()) return "a page's main thread may not wait for others; compute in a Worker";
  return webWorker;
}

/** Browsers let only workers wait. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0); // It has another value: this returns at once.
    return true;
  } catch {
    return false;
  }
}

/** What is used of `node:worker_threads`, whose own types only some runtimes' users have. */
interface NodeThreads {
  readonly Worker: new (
    text: string,
    options: { readonly eval: true; readonly workerData: Equipment; readonly env: object },
  ) => TeamWorker & {
    once(event: string, listener: (value: unknown) => void): void;
    on(event: string, listener: (value: unknown) => void): void;
    unref(): void;
  };
}

/** Asked for at run time: an import would be resolved by every bundler, and fail or be emptied for browsers. */
function nodeThreads(): NodeThreads | undefined {
  const { process } = globalThis as {
    readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
  };
  return process?.getBuiltinModule?.("node:worker_threads") as NodeThreads | undefined;
}

function nodeWorker({ Worker }: NodeThreads, workerData: Equipment): Promise<TeamWorker> {
  // Without an environment of its own a worker is given all of this process's, which takes a permission to read.
  const worker = new Worker(NODE_WORKER, { eval: true, workerData, env: {} });
  return new Promise((resolve, reject) => {
    worker.once("message", () => {
      worker.unref();
      resolve(worker);
    });
    worker.on("error", reject); // For good: one that is ended may complain later.
    worker.once("exit", reject);
  });
}

function webWorker(equipment: Equipment): Promise<TeamWorker> {
  const address = URL.createObjectURL(new Blob([WEB_WORKER], { type: "text/javascript" }));
  const worker = new Worker(address, { name: "weft" });
  const ready = new Promise<TeamWorker>((resolve, reject) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = ({ message }) => {
      worker.terminate();
      reject(message || "the page's content security policy may allow no worker-src blob:");
    };
    worker.postMessage(equipment);
  });
  return ready.finally(() => URL.revokeObjectURL(address));
}
