/** A contender's beginning, its steps, and the kernels of a step. */
import { host } from "../host/mod.ts";
import type { ComparedRun } from "./compared_run.ts";
import {
  type Contender,
  gflopsOf,
  kernelRecord,
  type KernelSampler,
  timingRecord,
} from "./contender.ts";
import type { MeasurementBudget } from "./budget.ts";
import { Sampler } from "./queued_work.ts";
import { RunSteps } from "./run_steps.ts";
import type { Turns } from "./turns.ts";

/** Operations of a step that the reference, which does some 10^9 a second, is not even begun with. */
const MOST_REFERENCE_FLOPS = 4e9;

/** Resident memory of the process, in bytes. */
function residentBytes(): number {
  return host.memoryUsage().rss;
}

/**
 * Starts the back end, uploads the run and takes its first step, each of which is timed; leaves `contender.steps`.
 *
 * @throws where a step takes longer than `slowestStepMs`, for it is to be repeated
 */
export async function begin(
  contender: Contender,
  run: ComparedRun,
  { slowestStepMs }: MeasurementBudget,
): Promise<void> {
  const { record, plan } = contender;
  const { flopsOfStep } = run.compared;
  if (plan.backend === "reference" && flopsOfStep > MOST_REFERENCE_FLOPS) {
    throw new Error(
      `a step is ${(flopsOfStep / 1e9).toFixed(1)} * 10^9 operations, too many for plain loops`,
    );
  }
  const bytesBefore = residentBytes();
  const times = [performance.now()];
  const observed = await contender.open();
  const { backend } = observed;
  times.push(performance.now());
  const steps = new RunSteps(backend, run);
  contender.steps = { run: steps, sampler: new Sampler(backend, () => steps.run()) };
  await backend.settle();
  times.push(performance.now());
  let bytes = residentBytes();
  steps.run();
  await backend.settle();
  times.push(performance.now());
  bytes = Math.max(bytes, residentBytes());
  [record.startMs, record.prepareMs, record.firstStepMs] = times.slice(1)
    .map((time, i) => time - times[i]);
  record.bufferBytes = observed.peakBytes();
  // Memory that others have let go of is used again, and then the process does not grow.
  const inProcess = plan.backend !== "webgpu" || plan.software ? record.bufferBytes : 0;
  record.peakMemoryBytes = Math.max(inProcess, bytes - bytesBefore);
  if (record.firstStepMs > slowestStepMs) {
    // The first may have been slow for being the first.
    const startedAt = performance.now();
    steps.run();
    await backend.settle();
    const ms = performance.now() - startedAt;
    if (ms > slowestStepMs) {
      throw new Error(`a step takes ${(ms / 1000).toFixed(1)} s, too long to be repeated`);
    }
  }
}

/** @param limit GFLOP/s that one thread can do at most; null where that is not known */
export async function measureSteps(
  contenders: readonly Contender[],
  turns: Turns,
  { compared: { flopsOfStep } }: ComparedRun,
  { rounds, warmUpMs, stepMs }: MeasurementBudget,
  limit: number | null,
): Promise<void> {
  await turns.each(
    contenders,
    "warming up",
    (contender) => contender.steps!.sampler.warmUp(warmUpMs),
  );
  await turns.rounds(rounds, contenders, "steps", async ({ record, steps }) => {
    const { sampler } = steps!;
    await sampler.round(stepMs);
    const { timing, encodeMs, deviceMs } = sampler.figures()!;
    record.step = timingRecord(timing);
    record.encodeMs = encodeMs;
    record.deviceMs = deviceMs;
    record.gflops = gflopsOf(flopsOfStep, timing);
    record.shareOfLimit = limit === null || record.simd === null
      ? null
      : record.gflops / (limit * record.threads);
  });
}

/** Measures every kernel that a step calls, by itself, and lets go of the steps. */
export async function measureKernels(
  contenders: readonly Contender[],
  turns: Turns,
  { rounds, kernelWarmUpMs, kernelMs }: MeasurementBudget,
): Promise<void> {
  await turns.each(contenders, "kernels, warming up", async (contender) => {
    contender.kernels = await kernelsOf(contender);
    for (const { sampler } of contender.kernels) await sampler.warmUp(kernelWarmUpMs);
  });
  await turns.rounds(rounds, contenders, "kernels", async (contender) => {
    for (const { sampler } of contender.kernels) await sampler.round(kernelMs);
    contender.record.kernels = contender.kernels.map((kernel) =>
      kernelRecord(kernel, kernel.sampler.figures()!)
    );
  });
  await turns.each(contenders, "kernels", (contender) => Promise.resolve(contender.endSteps()));
}

/** The kernels of one step, those of one shape together. */
async function kernelsOf(contender: Contender): Promise<KernelSampler[]> {
  const { backend, record } = await contender.open();
  const kernels = new Map<string, KernelSampler>();
  for (const { kernel, shape, flops, run } of record(() => contender.steps!.run.run())) {
    const key = `${kernel} ${shape}`;
    const known = kernels.get(key);
    if (known) known.callsPerStep++;
    else {
      const sampler = new Sampler(backend, run);
      kernels.set(key, { kernel, shape, flops, callsPerStep: 1, sampler });
    }
  }
  return [...kernels.values()];
}
