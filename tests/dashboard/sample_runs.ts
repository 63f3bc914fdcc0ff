/**
 * Folders of runs that look like real ones, made from nothing: for tests of the dashboard, and for looking at it. As a
 * program it fills a folder: `deno run --allow-write=FOLDER tests/dashboard/sample_runs.ts FOLDER`.
 */

import { join } from "node:path";
import { sampleSearch } from "../samples/search.ts";
import type { Comparison } from "../../lib/run_log/comparison/comparison.ts";
import type { Inspection } from "../../lib/run_log/inspection/inspection.ts";
import type {
  ConfigValue,
  EndRecord,
  EpochRecord,
  LogRecord,
  RunRecord,
} from "../../lib/run_log/run/records.ts";

const CLASSES = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/** Numbers from 0 to 1 that are the same every time. */
function randomNumbers(seed: number): () => number {
  let state = Math.imul(seed, 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface SampleRun {
  readonly name: string;
  readonly epochs: number;
  /** More than `epochs` where the run did not get there. */
  readonly asked?: number;
  readonly config?: Readonly<Record<string, ConfigValue>>;
  readonly backend?: string;
  readonly adapter?: string | null;
  readonly epochMs?: number;
  /** Null: the run continues, or was killed. */
  readonly status?: EndRecord["status"] | null;
  /** Minutes before now. */
  readonly minutesAgo?: number;
}

export function runRecord(sample: SampleRun): RunRecord {
  const started = Date.now() - 60_000 * (sample.minutesAgo ?? 5);
  const backend = sample.backend ?? "wasm";
  const isWasm = backend === "wasm";
  return {
    type: "run",
    schema: 1,
    name: sample.name,
    startedAt: new Date(started).toISOString(),
    config: {
      preset: "baseline",
      hidden: [100],
      activation: "sigmoid",
      learningRate: 0.1,
      batchSize: 256,
      epochs: sample.asked ?? sample.epochs,
      l1: 0,
      l2: 0,
      seed: 42,
      backend,
      threads: isWasm ? 2 : 1,
      ...sample.config,
    },
    dataset: { name: "fashion-mnist", train: 48_000, validation: 12_000, test: 10_000, sha256: {} },
    environment: {
      deno: "2.9.6",
      v8: "15.0.245.2-rusty",
      os: "linux",
      arch: "x86_64",
      cpus: 2,
      backend,
      threads: isWasm ? 2 : 1,
      simd: isWasm ? "relaxed" : null,
      adapter: sample.adapter ?? null,
    },
    parameters: 79_510,
    calibration: [
      { backend: "wasm", threads: 2, simd: "relaxed", adapter: null, batchSize: 256, stepMs: 0.75 },
      {
        backend: "webgpu",
        threads: 1,
        simd: null,
        adapter: "llvmpipe",
        batchSize: 256,
        stepMs: null,
      },
    ],
  };
}

/** A loss that falls as losses do, and trembles; the same seed gives the same. */
export function* epochRecords(
  epochs: number,
  { epochMs = 440, seed = 1 } = {},
): Generator<EpochRecord, void, void> {
  const random = randomNumbers(seed);
  const speed = 0.6 + 0.3 * random();
  const floor = 0.35 + 0.15 * random();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const trainLoss = floor + 1.9 / epoch ** speed + 0.02 * random();
    const ms = epochMs * (0.95 + 0.1 * random());
    yield {
      type: "epoch",
      epoch,
      trainLoss,
      trainAccuracy: 1 - trainLoss / 3,
      validationLoss: trainLoss + 0.02 + 0.03 * random(),
      validationAccuracy: 0.99 - trainLoss / 2.9,
      learningRate: 0.1,
      epochMs: ms,
      elapsedMs: epoch * epochMs,
      samplesPerSecond: 48_000 / (ms / 1000),
      phasesMs: {
        forward: ms * 0.38,
        backward: ms * 0.46,
        update: ms * 0.06,
        validation: ms * 0.1,
      },
    };
  }
}

export function endRecord(status: EndRecord["status"], seed = 1): EndRecord {
  const random = randomNumbers(seed);
  const confusionMatrix = CLASSES.map((_, i) => {
    const row = CLASSES.map(() => random() < 0.5 ? 0 : Math.floor(40 * random() ** 2));
    row[i] = 1000 - row.reduce((sum, count, j) => j === i ? sum : sum + count, 0);
    return row;
  });
  const isDone = status === "completed";
  return {
    type: "end",
    status,
    validationAccuracy: isDone ? 0.8150833 : null,
    testAccuracy: isDone ? 0.7997 : null,
    testLoss: isDone ? 0.5697 : null,
    confusionMatrix: isDone ? confusionMatrix : null,
    perClass: isDone
      ? CLASSES.map((name, i) => ({
        name,
        precision: 0.75 + 0.2 * random(),
        recall: confusionMatrix[i][i] / 1000,
        f1: 0.75 + 0.2 * random(),
        support: 1000,
      }))
      : null,
    totalMs: 17_600,
    ...(status === "diverged" ? { error: "The training loss is not finite since epoch 7" } : {}),
  };
}

/** Writes a run's folder below `root`; no `end` where its status is null. */
export async function writeRun(root: string, sample: SampleRun, seed = 1): Promise<void> {
  const records: LogRecord[] = [
    runRecord(sample),
    ...epochRecords(sample.epochs, { epochMs: sample.epochMs, seed }),
  ];
  const status = sample.status === undefined ? "completed" : sample.status;
  if (status !== null) records.push(endRecord(status, seed));
  await writeLog(root, sample.name, records.map((record) => JSON.stringify(record)));
}

/** Writes lines, whatever they hold, as a run's log. */
export async function writeLog(
  root: string,
  name: string,
  lines: readonly string[],
): Promise<void> {
  await Deno.mkdir(join(root, name), { recursive: true });
  await Deno.writeTextFile(
    join(root, name, "log.jsonl"),
    lines.map((line) => `${line}\n`).join(""),
  );
}

/** Appends records to a run's log, as a trainer does. */
export async function appendRecords(
  root: string,
  name: string,
  records: readonly LogRecord[],
): Promise<void> {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
  await Deno.writeTextFile(join(root, name, "log.jsonl"), text, { append: true });
}

/** Mistakes and weights that are patterns, 28 x 28. */
export function sampleInspection(): Inspection {
  const side = 28;
  const image = (valueAt: (x: number, y: number) => number) => {
    const bytes = Uint8Array.from(
      { length: side * side },
      (_, i) => valueAt((i % side) / side - 0.5, Math.floor(i / side) / side - 0.5),
    );
    return btoa(String.fromCharCode(...bytes));
  };
  return {
    type: "inspection",
    schema: 1,
    height: side,
    width: side,
    classNames: CLASSES,
    mistakes: Array.from({ length: 12 }, (_, i) => ({
      row: 17 * i + 3,
      trueClass: i % 10,
      predictedClass: (i + 3) % 10,
      probability: 0.999 - 0.01 * i,
      pixels: image((x, y) => Math.hypot(x, y * (1 + i / 8)) < 0.4 ? 230 - 300 * Math.abs(x) : 0),
    })),
    mistakeCount: 2003,
    units: Array.from({ length: 40 }, (_, i) => ({
      scale: 1.5 + i / 10,
      weights: image((x, y) => 128 + 120 * Math.sin((i + 3) * x + i * y) * Math.cos(5 * y)),
    })),
    unitCount: 100,
  };
}

/** A comparison of which one contender is a GPU in software and one has failed. */
export function sampleComparison(name: string): Comparison {
  const timing = (medianMs: number) => ({
    medianMs,
    spreadMs: medianMs / 20,
    bestMs: medianMs * 0.9,
    measurements: 25,
  });
  const contender = (label: string, speed: number, more: Partial<Comparison["contenders"][0]>) => ({
    label,
    backend: label.split(" ")[0],
    threads: 1,
    simd: null,
    adapter: null,
    software: false,
    startMs: 20 / speed,
    prepareMs: 60,
    firstStepMs: 12 / speed,
    step: timing(3 / speed),
    encodeMs: null,
    deviceMs: null,
    epoch: timing(620 / speed),
    samplesPerSecond: 77_000 * speed,
    gflops: 40 * speed,
    shareOfLimit: 0.84,
    peakMemoryBytes: 200e6,
    bufferBytes: 50e6,
    trainLoss: 0.55,
    validationLoss: 0.57,
    validationAccuracy: 0.81,
    lossDifference: 1e-6,
    weightDifference: 1e-6,
    kernels: ["256x784x100", "256x100x10"].map((shape, i) => ({
      kernel: "gemm",
      shape,
      callsPerStep: 1,
      time: timing((i === 0 ? 1 : 0.05) / speed),
      deviceMs: null,
      gflops: 40 * speed,
    })),
    ...more,
  });
  const curve = (contender: string, startMs: number, msPerRow: number) => ({
    axis: "batch" as const,
    contender,
    points: [16, 32, 64, 128, 256, 512, 1024, 2048].map((at) => ({
      at,
      time: timing(startMs + msPerRow * at),
      gflops: null,
    })),
  });
  return {
    type: "comparison",
    schema: 1,
    status: "completed",
    name,
    startedAt: new Date().toISOString(),
    totalMs: 60_000,
    config: { batchSize: 256 },
    dataset: { name: "fashion-mnist", train: 48_000, validation: 12_000, test: 10_000, sha256: {} },
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
      flopsOfStep: 1e8,
    },
    check: { steps: 3, batchSize: 64 },
    contenders: [
      contender("wasm relaxed x1", 1, {}),
      contender("wasm relaxed x2", 1.5, { threads: 2 }),
      contender("webgpu (software)", 0.4, { software: true, adapter: "llvmpipe" }),
      contender("reference", 1, {
        step: null,
        epoch: null,
        kernels: [],
        error: "It would take too long",
      }),
    ],
    curves: [
      curve("wasm relaxed x1", 0.02, 0.012),
      curve("wasm relaxed x2", 0.05, 0.007),
      curve("webgpu (software)", 2, 0.004),
    ],
    crossovers: [{
      axis: "batch",
      contender: "webgpu (software)",
      overtakes: "wasm relaxed x2",
      at: 650,
      staysAhead: true,
    }],
  };
}

/** Writes JSON into a run's folder. */
export async function writeJson(root: string, name: string, file: string, value: unknown) {
  await Deno.mkdir(join(root, name), { recursive: true });
  await Deno.writeTextFile(join(root, name, file), JSON.stringify(value));
}

/** A dozen runs of every kind. */
export async function writeSampleRuns(root: string): Promise<void> {
  const samples: SampleRun[] = [
    { name: "2026-11-23_214020_baseline", epochs: 40 },
    { name: "wide", epochs: 40, config: { hidden: [256, 128], activation: "relu" }, epochMs: 900 },
    { name: "fast-learner", epochs: 40, config: { learningRate: 0.5 }, epochMs: 430 },
    {
      name: "gpu",
      epochs: 40,
      backend: "webgpu",
      adapter: "llvmpipe (LLVM 15.0.6)",
      epochMs: 1900,
    },
    { name: "stopped", epochs: 12, asked: 40, status: "interrupted" },
    { name: "killed", epochs: 9, asked: 40, status: null },
  ];
  for (const [i, sample] of samples.entries()) {
    await writeRun(root, { ...sample, minutesAgo: 30 - 3 * i }, i + 1);
  }
  const diverging = [...epochRecords(9, { seed: 9 })].map((record) =>
    record.epoch < 7 ? record : { ...record, trainLoss: null, validationLoss: null }
  );
  const diverged = { name: "diverged", epochs: 9, asked: 40, config: { learningRate: 30 } };
  await writeLog(
    root,
    "diverged",
    [runRecord(diverged), ...diverging, endRecord("diverged")].map((record) =>
      JSON.stringify(record)
    ),
  );
  await writeJson(root, samples[0].name, "inspection.json", sampleInspection());
  await writeJson(root, "comparison", "compare.json", sampleComparison("comparison"));
  await writeJson(root, "search", "search.json", { ...sampleSearch, name: "search" });
}

if (import.meta.main) await writeSampleRuns(Deno.args[0]);
