/**
 * Files that an earlier version of Weft wrote, in golden/kept/, and what is to come of them: checkpoints to continue from, models
 * to predict with, logs to read.
 */
import { decodeState, type LabeledImages, train, type TrainConfig } from "../../lib/mod.ts";
import { toyImages } from "../support/toy_images.ts";
import { digestOf, strictBackend } from "./guard_runs.ts";

export const KEPT_FOLDER = new URL("../golden/kept/", import.meta.url);

/** Six batches an epoch, the last of them small. */
const CONFIG: Partial<TrainConfig> = {
  hidden: [7, 5],
  batchSize: 9,
  epochs: 4,
  learningRate: 0.1,
  initializer: "glorot-normal",
  freezeOutputBias: false,
};

const LAYERS: Partial<TrainConfig> = {
  activation: "gelu",
  batchNorm: true,
  dropout: 0.3,
  labelSmoothing: 0.1,
  classWeights: [1, 2, 0.5],
};

export interface KeptState {
  readonly config: Partial<TrainConfig>;
  /** Batches after which it was left: in the second epoch, but where it says otherwise. */
  readonly batches: number;
  /** Options that the version that wrote it did not have. */
  readonly unknown?: readonly (keyof TrainConfig)[];
}

/** By file name: `checkpoint_sgd.safetensors`. */
export const KEPT_STATES: Readonly<Record<string, KeptState>> = {
  sgd: { config: { ...CONFIG, l1: 0.01, l2: 0.02 }, batches: 8 },
  momentum: { config: { ...CONFIG, optimizer: "momentum", nesterov: true }, batches: 8 },
  adam: { config: { ...CONFIG, optimizer: "adam", learningRate: 0.01 }, batches: 8 },
  adamw: {
    config: { ...CONFIG, optimizer: "adamw", learningRate: 0.01, schedule: "one-cycle" },
    batches: 8,
  },
  rmsprop: {
    config: { ...CONFIG, optimizer: "rmsprop", learningRate: 0.01, clipNorm: 0.5 },
    batches: 8,
  },
  "first-epoch": { config: { ...CONFIG, activation: "tanh" }, batches: 2 },
  "between-epochs": { config: { ...CONFIG, ...LAYERS }, batches: 6 },
  "batch-norm": { config: { ...CONFIG, ...LAYERS }, batches: 9 },
  "best-epoch": {
    config: { ...CONFIG, ...LAYERS, patience: 2, standardize: true, flip: true },
    batches: 15,
  },
  "frozen-bias": { config: { ...CONFIG, hidden: [5], freezeOutputBias: true }, batches: 8 },
  "no-hidden-layer": { config: { ...CONFIG, hidden: [] }, batches: 8 },
  "first-version": {
    config: { ...CONFIG, hidden: [5], initializer: "normal" },
    batches: 8,
    unknown: ["dropout", "batchNorm", "labelSmoothing", "classWeights", "flip", "shift"],
  },
};

export const keptData = (): { train: LabeledImages; test: LabeledImages } => ({
  train: toyImages(60, 3),
  test: toyImages(12, 3, 2),
});

/** What comes of continuing from a state: losses of the epochs that are left, and the model. */
export async function digestOfRest(bytes: Uint8Array<ArrayBuffer>, threads: number) {
  using backend = await strictBackend(threads);
  const resume = await decodeState(bytes);
  return await digestOf(await Array.fromAsync(train({ ...keptData(), resume, backend })));
}
