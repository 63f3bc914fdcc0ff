/** Speed of every kernel, each checked against the reference first, warm and cold. */
import { type BackendOptions, createBackend } from "../../lib/backends/mod.ts";
import type { Simd } from "../../lib/backends/wasm/kernels.ts";
import { type Program, runReference, yields } from "../conformance/rig.ts";
import type { KernelCase } from "./kernel_cases.ts";
import { PlainBuffers } from "./plain_buffers.ts";
import { runScript } from "./processes.ts";
import { measure, type Timing } from "../../lib/measure/statistics.ts";

export interface KernelFigures {
  readonly name: string;
  readonly threads: number;
  readonly simd: Simd;
  readonly warm: Timing;
  /** Milliseconds of the very first call, in a process of its own; null where none could be started. */
  readonly coldMs: number | null;
  /** At the median; null for a kernel that moves data. */
  readonly gflops: number | null;
  /** At the median; null for a kernel that computes. */
  readonly gigabytesPerSecond: number | null;
}

/** How a kernel is run. */
type Way = Required<Pick<BackendOptions, "threads" | "simd">> & { readonly simd: Simd };

/** Throws unless `kernelCase` computes in each way what the reference does. */
async function check(kernelCase: KernelCase, ways: readonly Way[]): Promise<void> {
  const program: Program = (rig) => {
    const { run, outputs } = (kernelCase.prepareSmall ?? kernelCase.prepare)(rig);
    run();
    return outputs;
  };
  const expected = await runReference(program);
  for (const way of ways) {
    using backend = await createBackend({ backend: "wasm", ...way });
    await yields(backend, program, expected, ...kernelCase.bounds);
  }
}

async function warm(kernelCase: KernelCase, way: Way, budgetMs: number): Promise<Timing> {
  using backend = await createBackend({ backend: "wasm", ...way });
  using buffers = new PlainBuffers(backend);
  return await measure(kernelCase.prepare(buffers).run, budgetMs);
}

/** The first call in a new process: there, no kernel's code has been compiled yet. */
async function coldMs(name: string, { threads, simd }: Way): Promise<number | null> {
  const result = await runScript("cold.ts", [name, String(threads), simd]);
  return "reason" in result ? null : (result.value as { coldMs: number }).coldMs;
}

/** Figures of kernels with each number of threads, and of the strict build with one where arithmetic counts. */
export async function measureKernels(
  cases: readonly KernelCase[],
  counts: readonly number[],
  budgetMs: number,
): Promise<KernelFigures[]> {
  const figures: KernelFigures[] = [];
  for (const kernelCase of cases) {
    const { name, flops, bytes } = kernelCase;
    const ways: Way[] = counts.map((threads) => ({ threads, simd: "relaxed" }));
    if (flops) ways.push({ threads: 1, simd: "strict" });
    await check(kernelCase, ways);
    for (const way of ways) {
      const timing = await warm(kernelCase, way, budgetMs);
      const perSecond = (work: number | undefined) => work ? work / timing.median / 1e6 : null;
      figures.push({
        name,
        ...way,
        warm: timing,
        coldMs: await coldMs(name, way),
        gflops: perSecond(flops),
        gigabytesPerSecond: perSecond(bytes),
      });
    }
  }
  return figures;
}
