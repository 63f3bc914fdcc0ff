/**
 * The runs that every version of Weft must do alike, to the bit: what they are made of, and how their results are written
 * down. make_golden.ts wrote the golden files with the code of commit 80244e9.
 */
import type { Backend } from "../../lib/backend/mod.ts";
import { createBackend } from "../../lib/backends/mod.ts";
import type { LabeledImages } from "../../lib/dataset/dataset.ts";
import { encodeModel } from "../../lib/model/model_file.ts";
import { decodeSafetensors } from "../../lib/model/safetensors.ts";
import type { EndEvent, EpochEvent, TrainEvent, TrainOptions } from "../../lib/mod.ts";
import { train, type TrainConfig, Trainer } from "../../lib/mod.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { RecordingBackend } from "./recorded_calls.ts";

const SIDE = 28;
const CLASSES = 10;
const CLASS_NAMES = Array.from({ length: CLASSES }, (_, i) => String(i));

/** Images of Fashion-MNIST's size, half of whose pixels are zero, as there: two bands a class, and noise. */
export function guardImages(rows: number, seed: number): LabeledImages {
  const random = new NumpyRandomState(seed);
  const labels = Uint8Array.from({ length: rows }, (_, row) => (row * 7) % CLASSES);
  const pixels = new Uint8Array(rows * SIDE * SIDE);
  for (let i = 0; i < pixels.length; i++) {
    const [row, place] = [Math.floor(i / SIDE ** 2), i % SIDE ** 2];
    const [y, x] = [Math.floor(place / SIDE), place % SIDE];
    const isBright = Math.floor(y / 3) === labels[row] || Math.floor(x / 4) === labels[row] % 7;
    const value = (isBright ? 120 : -60) + 120 * random.randomSample();
    pixels[i] = Math.max(0, Math.floor(value));
  }
  return { rows, height: SIDE, width: SIDE, pixels, labels };
}

/** What is trained, and in how many rows. */
export interface GuardRun {
  readonly preset: "baseline" | "small" | "accurate";
  readonly rows: number;
  readonly config: Partial<TrainConfig>;
}

/** All that the presets leave out, in two runs. */
const LAYERS: Partial<TrainConfig> = {
  hidden: [24, 16],
  activation: "tanh",
  batchNorm: true,
  dropout: 0.2,
  labelSmoothing: 0.1,
  classWeights: "balanced",
  standardize: true,
  shift: 1,
  clipNorm: 1,
};

/** By name. Batches are the presets', but where there are too few rows for three of them. */
export const GUARD_RUNS: Readonly<Record<string, GuardRun>> = {
  baseline: { preset: "baseline", rows: 900, config: { epochs: 3 } },
  "baseline with penalties": {
    preset: "baseline",
    rows: 400,
    config: { epochs: 2, batchSize: 128, l1: 0.01, l2: 0.02, freezeOutputBias: false },
  },
  small: { preset: "small", rows: 700, config: { epochs: 3 } },
  accurate: { preset: "accurate", rows: 300, config: { epochs: 2 } },
  "all layers": { preset: "small", rows: 300, config: { ...LAYERS, epochs: 2, batchSize: 64 } },
  "all layers, with rmsprop": {
    preset: "baseline",
    rows: 300,
    config: { ...LAYERS, activation: "gelu", optimizer: "rmsprop", epochs: 2, batchSize: 64 },
  },
  "momentum and leaky relu": {
    preset: "baseline",
    rows: 300,
    config: {
      hidden: [32],
      activation: "leaky-relu",
      initializer: "he-normal",
      optimizer: "momentum",
      nesterov: true,
      epochs: 2,
      batchSize: 64,
    },
  },
  "no hidden layer": {
    preset: "baseline",
    rows: 300,
    config: { hidden: [], optimizer: "adam", epochs: 2, batchSize: 64 },
  },
};

/** What `train` takes for it. */
export function optionsOf({ preset, rows, config }: GuardRun): TrainOptions {
  const [train, test] = [guardImages(rows, 1), guardImages(100, 2)];
  return { train, test, preset, config, classNames: CLASS_NAMES };
}

/** Of strict kernels, whose bits are the same on every machine. */
export function strictBackend(threads: number): Promise<Backend> {
  return createBackend({ backend: "wasm", simd: "strict", threads });
}

/** SHA-256 of a model's tensors, by name, and of all losses and accuracies on the way to it. */
export async function digestOf(events: readonly TrainEvent[]): Promise<string> {
  const epochs = events.filter((event): event is EpochEvent => event.type === "epoch");
  const end = events.at(-1) as EndEvent;
  const { tensors } = decodeSafetensors(encodeModel(end.model!), "the model");
  const parts: BlobPart[] = [];
  for (const [name, { data }] of [...tensors].toSorted(([a], [b]) => a < b ? -1 : 1)) {
    parts.push(name, data);
  }
  for (const { trainLoss, trainAccuracy, validationLoss, validationAccuracy } of epochs) {
    parts.push(JSON.stringify([trainLoss, trainAccuracy, validationLoss, validationAccuracy]));
  }
  const { validationLoss, validationAccuracy, testLoss, testAccuracy, confusionMatrix } = end;
  parts.push(
    JSON.stringify([validationLoss, validationAccuracy, testLoss, testAccuracy, confusionMatrix]),
  );
  const bytes = await new Blob(parts).arrayBuffer();
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Trains in one go. */
export async function digestOfRun(options: TrainOptions, threads: number): Promise<string> {
  using backend = await strictBackend(threads);
  return await digestOf(await Array.fromAsync(train({ ...options, backend })));
}

/** Trains in slices of `batches` batches, each with a back end of its own that has another number of threads. */
export async function digestOfSlices(options: TrainOptions, batches: number): Promise<string> {
  const events: TrainEvent[] = [];
  let state: Uint8Array<ArrayBuffer> | null = null;
  let slices = 0;
  do {
    using backend = await strictBackend(1 + slices++ % 4);
    using trainer = await Trainer.create({ ...options, backend, state });
    const slice = await trainer.step({ maxBatches: batches });
    events.push(...slice.events);
    state = slice.state;
  } while (state);
  return await digestOf(events);
}

/** The calls of a run's first epoch, from its first batch to the end of its validation. */
export async function callsOfEpoch(options: TrainOptions): Promise<string[]> {
  using inner = await strictBackend(1);
  const recording = new RecordingBackend(inner);
  for await (const event of train({ ...options, backend: recording.backend })) {
    if (event.type === "start") recording.clear();
    if (event.type === "epoch") return recording.lines;
  }
  throw new Error("the run has no epoch");
}
