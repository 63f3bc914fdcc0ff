/**
 * What `runs/NAME/compare.json` holds: one JSON object, a `Comparison`. Units are in the names (`Ms` milliseconds, `Gflops`
 * 10^9 floating-point operations a second); losses are cross-entropy in nats. What was not measured, or is not finite, is
 * `null`.
 *
 * Glossary: contender, a back end in one configuration; step, what training does with one batch.
 */

import * as v from "valibot";
import {
  amount,
  checksums,
  config,
  count,
  exactly,
  fields,
  items,
  oneOf,
  type Read,
  shortText,
  truth,
} from "../shared/fields.ts";
import { metricValues } from "../run/metrics.ts";
import { type FileOf, onlyVersion, readFileOf, upToLength } from "../shared/json_file.ts";

/** The version of this format. */
export const COMPARE_SCHEMA = 1;

/** The longest file that is read, in UTF-16 units; an honest one of 64 contenders has a quarter of it. */
export const MAX_COMPARISON_LENGTH = 4 * 1024 * 1024;

/** "interrupted": what had been measured by then; "failed": no contender could be measured. */
const COMPARE_STATUSES = ["completed", "interrupted", "failed"] as const;

/** Sizes that a step's time is drawn over: rows of a batch, units of the one hidden layer. */
export const CURVE_AXES = ["batch", "width"] as const;
export type CurveAxis = (typeof CURVE_AXES)[number];

/** Repeated measurements of one thing. */
const timing = fields({
  medianMs: amount,
  /** Median distance from the median: half of the measurements lie within it. */
  spreadMs: amount,
  bestMs: amount,
  measurements: count,
});
export type TimingRecord = Read<typeof timing>;

/** A kernel at one shape, called again and again by itself, on the operands that a step left. */
const kernel = fields({
  /** "gemm", and the shape: "256x784x100" is M x K x N; "At" and "Bt" say which operand is transposed. */
  kernel: shortText,
  shape: shortText,
  callsPerStep: count,
  time: timing,
  /** Median of a call, as the device says. */
  deviceMs: amount,
  /** Null for a kernel whose arithmetic does not count. */
  gflops: amount,
});
export type KernelRecord = Read<typeof kernel>;

const contender = fields({
  /** Unique in the comparison: "wasm relaxed x2", "webgpu (software)". */
  label: shortText,
  backend: shortText,
  /** Threads that compute, the calling one included. */
  threads: count,
  simd: v.nullable(shortText),
  adapter: v.nullable(shortText),
  /** Whether the adapter is a program on the processor: its times say nothing of any GPU. */
  software: truth,
  /** Why it could not be measured, or not to the end, in a line; absent where it could. */
  error: v.optional(shortText),
  /** Making the back end: compiling, threads, the device. */
  startMs: amount,
  /** Bringing data and network to it: both are put in order, and uploaded. */
  prepareMs: amount,
  /** The first step of a new back end; code that an earlier contender shares may be compiled already. */
  firstStepMs: amount,
  step: v.nullable(timing),
  /** Median time in which the calls of a step return; on a GPU they are queued by then. */
  encodeMs: amount,
  /** Median time that the device itself says a step took; null where it does not say. */
  deviceMs: amount,
  /**
   * An epoch of training, validation included; without the first, a warm-up, where there are more. Null where it would take
   * too long: the reference and adapters in software.
   */
  epoch: v.nullable(timing),
  /** Training rows a second of the median epoch. */
  samplesPerSecond: amount,
  /** Of the matrix products of a step, at its median. */
  gflops: amount,
  /** `gflops` over the multiply-add limit of all its threads; null where no limit was measured, as for GPUs. */
  shareOfLimit: amount,
  /**
   * By how much the process grew, at most, from before the back end was made until its first step was done; not less than
   * `bufferBytes`, where those lie in the process.
   */
  peakMemoryBytes: amount,
  /** Buffers that training asked of the back end, at most at once; a GPU has them in its own memory. */
  bufferBytes: amount,
  /** Of the last epoch. */
  trainLoss: amount,
  validationLoss: amount,
  validationAccuracy: amount,
  /** All metrics of the task by name, but for the loss; absent from earlier versions. */
  validation: v.optional(v.nullable(metricValues)),
  /** Largest differences from the reference, of any row's loss in `check.steps` steps and of any weight after them. */
  lossDifference: amount,
  weightDifference: amount,
  /** In the order in which a step first calls them. */
  kernels: items(kernel),
});
export type ContenderRecord = Read<typeof contender>;

/** How long a step of one contender takes over one axis; the network is else the run's, with one hidden layer. */
const curve = fields({
  axis: oneOf(CURVE_AXES),
  /** Label of the contender. */
  contender: shortText,
  points: items(fields({
    /** Rows of a batch, or units. */
    at: count,
    time: timing,
    gflops: amount,
  })),
});
export type CurveRecord = Read<typeof curve>;
export type CurvePoint = CurveRecord["points"][number];

/** Where one contender overtakes another. */
const crossover = fields({
  axis: oneOf(CURVE_AXES),
  /** Labels of the contenders. */
  contender: shortText,
  overtakes: shortText,
  /** Where their curves first cross, between sizes on logarithmic scales; null: nowhere in this range. */
  at: amount,
  /** Whether it is faster at every larger size that was measured. */
  staysAhead: truth,
});
export type CrossoverRecord = Read<typeof crossover>;

const network = fields({
  /** Units of every layer, from the input's pixels to the classes. */
  layers: items(count),
  activation: shortText,
  /** Weights and biases. */
  parameters: count,
  /** Rows of a batch; fewer than asked for where the data has fewer. */
  batchSize: count,
  /** Operations of the matrix products of one step. */
  flopsOfStep: count,
});
export type ComparedNetwork = Read<typeof network>;

const check = fields({
  steps: count,
  /** Rows of a batch: fewer than the run's where the reference would take too long. */
  batchSize: count,
});
export type ComparisonCheck = Read<typeof check>;

const comparison = fields({
  type: exactly("comparison"),
  schema: count,
  status: oneOf(COMPARE_STATUSES),
  /** The name of the folder. */
  name: shortText,
  /** ISO 8601, UTC. */
  startedAt: shortText,
  totalMs: amount,
  /** Every option as it was used, defaults and presets resolved. */
  config,
  dataset: fields({
    name: shortText,
    train: count,
    validation: count,
    test: count,
    sha256: checksums,
  }),
  environment: fields({
    deno: shortText,
    v8: shortText,
    os: shortText,
    arch: shortText,
    /** Logical processors. */
    cpus: count,
    /** Measured on one thread, with registers alone, 128 bits wide; null where the engine cannot fuse multiply-adds. */
    multiplyAddGflops: amount,
  }),
  network,
  /** How results were compared with the reference back end's; null where that did not come about. */
  check: v.nullable(check),
  contenders: items(contender),
  curves: items(curve),
  crossovers: items(crossover),
});
export type Comparison = Read<typeof comparison>;

export type ComparisonFile = FileOf<"comparison", Comparison>;

/**
 * @param file its bytes or its text
 *
 * @example
 * ```ts
 * import { readComparison } from "./comparison.ts";
 *
 * const { comparison, problem } = readComparison("{}");
 * if (!comparison) console.log(problem); // type must be "comparison", and is missing
 * ```
 */
export function readComparison(file: string | Uint8Array): ComparisonFile {
  return readFileOf(
    {
      type: "comparison",
      schema: comparison,
      checkVersion: onlyVersion(COMPARE_SCHEMA),
      checkLength: upToLength(MAX_COMPARISON_LENGTH),
    },
    file,
  );
}
