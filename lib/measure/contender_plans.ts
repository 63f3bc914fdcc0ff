/** Which back ends there are to be compared, in which configurations. */
import type { BackendDescription } from "../backend/mod.ts";
import { type BackendOptions, createBackend, listAdapters, namedAdapter } from "../backends/mod.ts";
import type { BackendName } from "./backend_names.ts";
import { threadCounts } from "./thread_counts.ts";

/** More threads than this, `createBackend` refuses. */
const MOST_THREADS = 64;

export interface ContenderPlan extends BackendDescription {
  /** Unlike every other's. */
  readonly label: string;
  /** Whether the adapter is a program on the processor. */
  readonly software: boolean;
  readonly options: BackendOptions;
}

export interface PlanOptions {
  readonly backends: readonly BackendName[];
  /** A WebGPU adapter as `createBackend` takes it; all there are by default. */
  readonly adapter?: string;
  /** Processors, which is the largest number of threads. */
  readonly processors: number;
  /** Leaves out the numbers of threads between one and all. */
  readonly fewThreads: boolean;
}

/**
 * Where WebGPU is wanted and has no adapter, there is a plan all the same: what `createBackend` says of it is its result.
 *
 * @throws {WeftError} where `adapter` is given and there is none of that name
 */
export async function planContenders(options: PlanOptions): Promise<ContenderPlan[]> {
  const plans: ContenderPlan[] = [];
  const base = { threads: 1, simd: null, adapter: null, software: false };
  if (options.backends.includes("reference")) {
    const backend = "reference";
    plans.push({ ...base, label: backend, backend, options: { backend } });
  }
  if (options.backends.includes("wasm")) plans.push(...wasmPlans(options));
  if (options.backends.includes("webgpu")) plans.push(...await webgpuPlans(options.adapter));
  return plans;
}

function wasmPlans({ processors, fewThreads }: PlanOptions): ContenderPlan[] {
  const most = Math.min(processors, MOST_THREADS);
  const counts = fewThreads ? [...new Set([1, most])] : threadCounts(most);
  return (["strict", "relaxed"] as const).flatMap((simd) =>
    counts.map((threads): ContenderPlan => ({
      label: `wasm ${simd} x${threads}`,
      backend: "wasm",
      threads,
      simd,
      adapter: null,
      software: false,
      options: { backend: "wasm", simd, threads },
    }))
  );
}

async function webgpuPlans(wanted: string | undefined): Promise<ContenderPlan[]> {
  const base = { backend: "webgpu", threads: 1, simd: null } as const;
  const adapters = await listAdapters();
  if (adapters.length === 0) {
    const options = { backend: "webgpu", adapter: wanted } as const;
    return [{ ...base, label: "webgpu", adapter: null, software: false, options }];
  }
  const named = wanted === undefined ? undefined : namedAdapter(adapters, wanted);
  const chosen = wanted === undefined ? adapters : named ? [named] : [];
  // Says what there is.
  if (chosen.length === 0) {
    (await createBackend({ backend: "webgpu", adapter: wanted }))[Symbol.dispose]();
  }
  return chosen.map((adapter, i): ContenderPlan => {
    const { name, software } = adapter;
    const label = `webgpu${i > 0 ? ` ${i + 1}` : ""}${software ? " (software)" : ""}`;
    const options = { backend: "webgpu", adapter: String(adapters.indexOf(adapter)) } as const;
    return { ...base, label, adapter: name, software, options };
  });
}
