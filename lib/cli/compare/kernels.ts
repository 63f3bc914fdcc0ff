/** Which contenders' kernels are shown, and in which order; a table and a plot have no room for all. */
import type { ContenderRecord, KernelRecord } from "../../run_log/comparison/comparison.ts";

/** The fastest of each build of the kernels, and every other back end there is. */
export function featured(contenders: readonly ContenderRecord[]): ContenderRecord[] {
  const best = new Map<string, ContenderRecord>();
  for (const contender of contenders) {
    const key = contender.backend === "wasm" ? `wasm ${contender.simd}` : contender.label;
    const known = best.get(key);
    if (!known || stepMs(contender) < stepMs(known)) best.set(key, contender);
  }
  return [...best.values()];
}

/** The fastest WebAssembly contender; null where none was measured. */
export function fastestWasm(contenders: readonly ContenderRecord[]): ContenderRecord | null {
  return contenders.filter(({ backend, step }) => backend === "wasm" && step !== null)
    .reduce<ContenderRecord | null>(
      (best, other) => best === null || stepMs(other) < stepMs(best) ? other : best,
      null,
    );
}

function stepMs({ step }: ContenderRecord): number {
  return step?.medianMs ?? Infinity;
}

/** What a kernel at one shape is called. */
function nameOf({ kernel, shape }: KernelRecord): string {
  return `${kernel} ${shape}`;
}

/** All kernels of the contenders, as a step first calls them. */
export function kernelNames(contenders: readonly ContenderRecord[]): string[] {
  return [...new Set(contenders.flatMap(({ kernels }) => kernels.map(nameOf)))];
}

export function kernelOf({ kernels }: ContenderRecord, name: string): KernelRecord | undefined {
  return kernels.find((kernel) => nameOf(kernel) === name);
}
