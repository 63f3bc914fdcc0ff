/** Records to test with: one of each type, with every field filled. */

import type {
  EndRecord,
  EpochRecord,
  FallbackRecord,
  ResumeRecord,
  RunRecord,
} from "../../lib/run_log/run/records.ts";

export const sampleRun: RunRecord = {
  type: "run",
  schema: 1,
  name: "2026-11-23_193107_baseline",
  startedAt: "2026-11-23T10:31:07.000Z",
  config: { preset: "baseline", hidden: [100], learningRate: 0.1, l2: 0, json: false, run: null },
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
    backend: "wasm",
    threads: 1,
    simd: "relaxed",
    adapter: null,
  },
  parameters: 79_510,
  calibration: [
    { backend: "wasm", threads: 2, simd: "relaxed", adapter: null, batchSize: 256, stepMs: 0.75 },
    { backend: "webgpu", threads: 1, simd: null, adapter: "A GPU", batchSize: 256, stepMs: null },
  ],
  trial: { search: "5f3c1d6e-0b6a-4c55-9a58-3f0d6f5b2a11", trial: 3 },
};

export function sampleEpoch(epoch: number): EpochRecord {
  return {
    type: "epoch",
    epoch,
    trainLoss: 2 / epoch,
    trainAccuracy: 1 - 0.5 / epoch,
    validationLoss: 2.1 / epoch,
    validationAccuracy: 1 - 0.6 / epoch,
    learningRate: 0.1,
    epochMs: 310.5,
    elapsedMs: 310.5 * epoch,
    samplesPerSecond: 154_589.4,
    phasesMs: { forward: 120.25, backward: 150, update: 20, validation: 20.25 },
  };
}

export const sampleFallback: FallbackRecord = {
  type: "fallback",
  epoch: 1,
  environment: { backend: "wasm", threads: 2, simd: "relaxed", adapter: null },
  error: "The GPU was lost",
};

export const sampleResume: ResumeRecord = {
  type: "resume",
  resumedAt: "2026-11-23T11:00:00.000Z",
  epoch: 1,
  batch: 17,
  environment: sampleRun.environment,
};

export const sampleEnd: EndRecord = {
  type: "end",
  status: "completed",
  stoppedBy: "epochs",
  bestEpoch: 2,
  validationLoss: 0.5437,
  validationAccuracy: 0.8150833333333334,
  testAccuracy: 0.8,
  testLoss: 0.61,
  confusionMatrix: [[4, 1], [1, 4]],
  perClass: [
    { name: "Bag", precision: 0.8, recall: 0.8, f1: 0.8, support: 5 },
    { name: "코트", precision: 0.8, recall: 0.8, f1: 0.8, support: 5 },
  ],
  totalMs: 12_420,
};
