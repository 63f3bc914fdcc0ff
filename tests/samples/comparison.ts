/** A comparison to test with, with every field filled. */

import type {
  Comparison,
  ContenderRecord,
  TimingRecord,
} from "../../lib/run_log/comparison/comparison.ts";

function timing(medianMs: number): TimingRecord {
  return { medianMs, spreadMs: medianMs / 20, bestMs: medianMs * 0.9, measurements: 5 };
}

/** @param stepMs how long a step takes */
export function sampleContender(label: string, stepMs: number): ContenderRecord {
  const isGpu = label.startsWith("webgpu");
  return {
    label,
    backend: label.split(" ")[0],
    threads: 1,
    simd: isGpu ? null : "relaxed",
    adapter: isGpu ? "llvmpipe (LLVM 15.0.6, 256 bits)" : null,
    software: isGpu,
    ...(isGpu ? { error: "the device was lost" } : {}),
    startMs: 12.5,
    prepareMs: 80,
    firstStepMs: 3 * stepMs,
    step: timing(stepMs),
    encodeMs: 0.02,
    deviceMs: isGpu ? stepMs - 0.1 : null,
    epoch: timing(200 * stepMs),
    samplesPerSecond: 48_000 / stepMs * 5,
    gflops: 82 / stepMs,
    shareOfLimit: isGpu ? null : 0.8,
    peakMemoryBytes: 64_000_000,
    bufferBytes: 49_500_000,
    trainLoss: 0.9,
    validationLoss: 0.95,
    validationAccuracy: 0.7,
    lossDifference: 1.2e-5,
    weightDifference: 2.4e-7,
    kernels: [
      {
        kernel: "gemm",
        shape: "256x784x100",
        callsPerStep: 1,
        time: timing(stepMs / 3),
        deviceMs: null,
        gflops: 60,
      },
      {
        kernel: "sgd",
        shape: "784x100",
        callsPerStep: 1,
        time: timing(stepMs / 30),
        deviceMs: null,
        gflops: null,
      },
    ],
  };
}

export const sampleComparison: Comparison = {
  type: "comparison",
  schema: 1,
  status: "completed",
  name: "compare-2026-11-23_193107",
  startedAt: "2026-11-23T10:31:07.000Z",
  totalMs: 61_000,
  config: { preset: "baseline", hidden: [100], epochs: 2, quick: true, adapter: null },
  dataset: {
    name: "fashion-mnist",
    train: 48_000,
    validation: 12_000,
    test: 10_000,
    sha256: { "train-images-idx3-ubyte": "c59f468a" },
  },
  environment: {
    deno: "2.9.6",
    v8: "15.0",
    os: "linux",
    arch: "x86_64",
    cpus: 2,
    multiplyAddGflops: 47.7,
  },
  network: {
    layers: [784, 100, 10],
    activation: "sigmoid",
    parameters: 79_510,
    batchSize: 256,
    flopsOfStep: 81_817_600,
  },
  check: { steps: 8, batchSize: 256 },
  contenders: [sampleContender("wasm relaxed x1", 2), sampleContender("webgpu (software)", 150)],
  curves: [
    {
      axis: "batch",
      contender: "wasm relaxed x1",
      points: [1, 64, 1024].map((at) => ({ at, time: timing(at / 100), gflops: 40 })),
    },
    {
      axis: "batch",
      contender: "webgpu (software)",
      points: [1, 64, 1024].map((at) => ({ at, time: timing(1 + at / 1000), gflops: 5 })),
    },
  ],
  crossovers: [
    {
      axis: "batch",
      contender: "webgpu (software)",
      overtakes: "wasm relaxed x1",
      at: 111.1,
      staysAhead: true,
    },
  ],
};
