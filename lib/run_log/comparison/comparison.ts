/**
 * What `runs/NAME/compare.json` holds: one JSON object, a `Comparison`. Units are in the names (`Ms` milliseconds, `Gflops`
 * 10^9 floating-point operations a second); losses are cross-entropy in nats. What was not measured, or is not finite, is
 * `null`.
 *
 * Glossary: contender, a back end in one configuration; step, what training does with one batch.
 */

import type { ConfigValue, Measured, RunDataset } from "../run/records.ts";

/** The version of this format. */
export const COMPARE_SCHEMA = 1;

/** "interrupted": what had been measured by then; "failed": no contender could be measured. */
export const COMPARE_STATUSES = ["completed", "interrupted", "failed"] as const;
export type CompareStatus = (typeof COMPARE_STATUSES)[number];

/** Sizes that a step's time is drawn over: rows of a batch, units of the one hidden layer. */
export const CURVE_AXES = ["batch", "width"] as const;
export type CurveAxis = (typeof CURVE_AXES)[number];

export interface Comparison {
  readonly type: "comparison";
  readonly schema: number;
  readonly status: CompareStatus;
  /** The name of the folder. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly totalMs: Measured;
  /** Every option as it was used, defaults and presets resolved. */
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly dataset: RunDataset;
  readonly environment: ComparisonEnvironment;
  readonly network: ComparedNetwork;
  /** How results were compared with the reference back end's; null where that did not come about. */
  readonly check: ComparisonCheck | null;
  readonly contenders: readonly ContenderRecord[];
  readonly curves: readonly CurveRecord[];
  readonly crossovers: readonly CrossoverRecord[];
}

export interface ComparisonEnvironment {
  readonly deno: string;
  readonly v8: string;
  readonly os: string;
  readonly arch: string;
  /** Logical processors. */
  readonly cpus: number;
  /** Measured on one thread, with registers alone, 128 bits wide; null where the engine cannot fuse multiply-adds. */
  readonly multiplyAddGflops: Measured;
}

export interface ComparedNetwork {
  /** Units of every layer, from the input's pixels to the classes. */
  readonly layers: readonly number[];
  readonly activation: string;
  /** Weights and biases. */
  readonly parameters: number;
  /** Rows of a batch; fewer than asked for where the data has fewer. */
  readonly batchSize: number;
  /** Operations of the matrix products of one step. */
  readonly flopsOfStep: number;
}

export interface ComparisonCheck {
  readonly steps: number;
  /** Rows of a batch: fewer than the run's where the reference would take too long. */
  readonly batchSize: number;
}

/** Repeated measurements of one thing. */
export interface TimingRecord {
  readonly medianMs: Measured;
  /** Median distance from the median: half of the measurements lie within it. */
  readonly spreadMs: Measured;
  readonly bestMs: Measured;
  readonly measurements: number;
}

export interface ContenderRecord {
  /** Unique in the comparison: "wasm relaxed x2", "webgpu (software)". */
  readonly label: string;
  readonly backend: string;
  /** Threads that compute, the calling one included. */
  readonly threads: number;
  readonly simd: string | null;
  readonly adapter: string | null;
  /** Whether the adapter is a program on the processor: its times say nothing of any GPU. */
  readonly software: boolean;
  /** Why it could not be measured, or not to the end, in a line; absent where it could. */
  readonly error?: string;
  /** Making the back end: compiling, threads, the device. */
  readonly startMs: Measured;
  /** Bringing data and network to it: both are put in order, and uploaded. */
  readonly prepareMs: Measured;
  /** The first step of a new back end; code that an earlier contender shares may be compiled already. */
  readonly firstStepMs: Measured;
  readonly step: TimingRecord | null;
  /** Median time in which the calls of a step return; on a GPU they are queued by then. */
  readonly encodeMs: Measured;
  /** Median time that the device itself says a step took; null where it does not say. */
  readonly deviceMs: Measured;
  /**
   * An epoch of training, validation included; without the first, a warm-up, where there are more. Null where it would take
   * too long: the reference and adapters in software.
   */
  readonly epoch: TimingRecord | null;
  /** Training rows a second of the median epoch. */
  readonly samplesPerSecond: Measured;
  /** Of the matrix products of a step, at its median. */
  readonly gflops: Measured;
  /** `gflops` over the multiply-add limit of all its threads; null where no limit was measured, as for GPUs. */
  readonly shareOfLimit: Measured;
  /**
   * By how much the process grew, at most, from before the back end was made until its first step was done; not less than
   * `bufferBytes`, where those lie in the process.
   */
  readonly peakMemoryBytes: Measured;
  /** Buffers that training asked of the back end, at most at once; a GPU has them in its own memory. */
  readonly bufferBytes: Measured;
  /** Of the last epoch. */
  readonly trainLoss: Measured;
  readonly validationLoss: Measured;
  readonly validationAccuracy: Measured;
  /** Largest differences from the reference, of any row's loss in `check.steps` steps and of any weight after them. */
  readonly lossDifference: Measured;
  readonly weightDifference: Measured;
  /** In the order in which a step first calls them. */
  readonly kernels: readonly KernelRecord[];
}

/** A kernel at one shape, called again and again by itself, on the operands that a step left. */
export interface KernelRecord {
  /** "gemm", and the shape: "256x784x100" is M x K x N; "At" and "Bt" say which operand is transposed. */
  readonly kernel: string;
  readonly shape: string;
  readonly callsPerStep: number;
  readonly time: TimingRecord;
  /** Median of a call, as the device says. */
  readonly deviceMs: Measured;
  /** Null for a kernel whose arithmetic does not count. */
  readonly gflops: Measured;
}

/** How long a step of one contender takes over one axis; the network is else the run's, with one hidden layer. */
export interface CurveRecord {
  readonly axis: CurveAxis;
  /** Label of the contender. */
  readonly contender: string;
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  /** Rows of a batch, or units. */
  readonly at: number;
  readonly time: TimingRecord;
  readonly gflops: Measured;
}

/** Where one contender overtakes another. */
export interface CrossoverRecord {
  readonly axis: CurveAxis;
  /** Labels of the contenders. */
  readonly contender: string;
  readonly overtakes: string;
  /** Where their curves first cross, between sizes on logarithmic scales; null: nowhere in this range. */
  readonly at: Measured;
  /** Whether it is faster at every larger size that was measured. */
  readonly staysAhead: boolean;
}
