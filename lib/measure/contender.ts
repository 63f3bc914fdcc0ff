/** A back end in one configuration, and what has been measured of it. A fault of its own ends it, and nothing else. */
import { createBackend } from "../backends/mod.ts";
import { messageOf } from "../errors.ts";
import type {
  ContenderRecord,
  KernelRecord,
  TimingRecord,
} from "../run_log/comparison/comparison.ts";
import type { ContenderPlan } from "./contender_plans.ts";
import { observe, type ObservedBackend } from "./observed_backend.ts";
import type { QueuedFigures, Sampler } from "./queued_work.ts";
import type { RunSteps } from "./run_steps.ts";
import type { Timing } from "./statistics.ts";

/** A record that is being filled. */
type Filling<T> = { -readonly [K in keyof T]: T[K] };

/** One kernel at one shape. */
export interface KernelSampler {
  readonly kernel: string;
  readonly shape: string;
  readonly flops: number | null;
  callsPerStep: number;
  readonly sampler: Sampler;
}

export class Contender implements Disposable {
  readonly record: Filling<ContenderRecord>;
  /** What takes the run's steps, while that is measured. */
  steps: { readonly run: RunSteps; readonly sampler: Sampler } | null = null;
  kernels: KernelSampler[] = [];
  #observed: ObservedBackend | null = null;

  constructor(readonly plan: ContenderPlan) {
    const { label, backend, threads, simd, adapter, software } = plan;
    this.record = {
      label,
      backend,
      threads,
      simd,
      adapter,
      software,
      startMs: null,
      prepareMs: null,
      firstStepMs: null,
      step: null,
      encodeMs: null,
      deviceMs: null,
      epoch: null,
      samplesPerSecond: null,
      gflops: null,
      shareOfLimit: null,
      peakMemoryBytes: null,
      bufferBytes: null,
      trainLoss: null,
      validationLoss: null,
      validationAccuracy: null,
      lossDifference: null,
      weightDifference: null,
      kernels: [],
    };
  }

  get failed(): boolean {
    return this.record.error !== undefined;
  }

  /** Its back end, made at the first call. */
  async open(): Promise<ObservedBackend> {
    if (this.#observed) return this.#observed;
    this.#observed = observe(await createBackend(this.plan.options));
    const { threads, simd } = this.#observed.backend.description;
    Object.assign(this.record, { threads, simd });
    return this.#observed;
  }

  /** Gives it up, for a reason in a line; what was measured by then stays. */
  fail(error: unknown): void {
    [this.record.error] = messageOf(error).split("\n");
    try {
      this[Symbol.dispose]();
    } catch {
      // A device that is lost need not let go of what it had.
    }
  }

  /** Lets go of the run's steps and kernels, which keep the data on the back end. */
  endSteps(): void {
    this.steps?.run[Symbol.dispose]();
    this.steps = null;
    this.kernels = [];
  }

  [Symbol.dispose](): void {
    const observed = this.#observed;
    this.#observed = null;
    try {
      this.endSteps();
    } finally {
      observed?.backend[Symbol.dispose]();
    }
  }
}

export function timingRecord({ median, spread, best, runs }: Timing): TimingRecord {
  return { medianMs: median, spreadMs: spread, bestMs: best, measurements: runs };
}

/** 10^9 operations a second at the median. */
export function gflopsOf(flops: number, { median }: Timing): number {
  return flops / median / 1e6;
}

export function kernelRecord(
  { kernel, shape, callsPerStep, flops }: KernelSampler,
  { timing, deviceMs }: QueuedFigures,
): KernelRecord {
  return {
    kernel,
    shape,
    callsPerStep,
    time: timingRecord(timing),
    deviceMs,
    gflops: flops === null ? null : gflopsOf(flops, timing),
  };
}
