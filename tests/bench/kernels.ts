/** Speed of every kernel, each checked against the reference first, warm and cold. */
import { createBackend } from "../../lib/backends/mod.ts";
import { type Program, runReference, yields } from "../conformance/rig.ts";
import type { KernelCase } from "./kernel_cases.ts";
import { PlainBuffers } from "./plain_buffers.ts";
import { runScript } from "./processes.ts";
import { measure, type Timing } from "./statistics.ts";

export interface KernelFigures {
  readonly name: string;
  readonly threads: number;
  readonly warm: Timing;
  /** Milliseconds of the very first call, in a process of its own; null where none could be started. */
  readonly coldMs: number | null;
  /** At the median; null for a kernel that moves data. */
  readonly gflops: number | null;
  /** At the median; null for a kernel that computes. */
  readonly gigabytesPerSecond: number | null;
}

/** Throws unless `kernelCase` computes with every number of threads what the reference does. */
async function check(kernelCase: KernelCase, counts: readonly number[]): Promise<void> {
  const program: Program = (rig) => {
    const { run, outputs } = (kernelCase.prepareSmall ?? kernelCase.prepare)(rig);
    run();
    return outputs;
  };
  const expected = await runReference(program);
  for (const threads of counts) {
    using backend = await createBackend({ backend: "wasm", threads });
    await yields(backend, program, expected, ...kernelCase.bounds);
  }
}

async function warm(kernelCase: KernelCase, threads: number, budgetMs: number): Promise<Timing> {
  using backend = await createBackend({ backend: "wasm", threads });
  using buffers = new PlainBuffers(backend);
  return await measure(kernelCase.prepare(buffers).run, budgetMs);
}

/** The first call in a new process: there, no kernel's code has been compiled yet. */
async function coldMs(name: string, threads: number): Promise<number | null> {
  const result = await runScript("cold.ts", [name, String(threads)]);
  return "reason" in result ? null : (result.value as { coldMs: number }).coldMs;
}

/** Figures of kernels with each number of threads, which take turns. */
export async function measureKernels(
  cases: readonly KernelCase[],
  counts: readonly number[],
  budgetMs: number,
): Promise<KernelFigures[]> {
  const figures: KernelFigures[] = [];
  for (const kernelCase of cases) {
    const { name, flops, bytes } = kernelCase;
    await check(kernelCase, counts);
    for (const threads of counts) {
      const timing = await warm(kernelCase, threads, budgetMs);
      const perSecond = (work: number | undefined) => work ? work / timing.median / 1e6 : null;
      figures.push({
        name,
        threads,
        warm: timing,
        coldMs: await coldMs(name, threads),
        gflops: perSecond(flops),
        gigabytesPerSecond: perSecond(bytes),
      });
    }
  }
  return figures;
}
