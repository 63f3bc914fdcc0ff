/** The first line: what is about to be trained, on what, and where. */
import * as v from "valibot";
import {
  checksums,
  config,
  count,
  exactly,
  fields,
  items,
  listOf,
  measured,
  type Read,
  text,
} from "../shared/fields.ts";
import { metricRecord, MOST_METRICS } from "./metrics.ts";

const layerRecord = fields({
  /** As `--layers` writes it: "dense 64". */
  kind: text,
  /** Of its output, without the batch. */
  shape: listOf(count),
});
export type LayerRecord = Read<typeof layerRecord>;

/** A column of a table that is learned from. */
const columnRecord = fields({
  name: text,
  /** "number", "category" or "vector". */
  kind: text,
  /** Inputs of the network that it becomes. */
  features: count,
  /** Rows whose cell is empty. */
  holes: count,
});

/** What a row consists of. */
const featuresRecord = fields({
  /** "uint8" or "float32". */
  element: text,
  /** [features], or [height, width, channels]. */
  shape: listOf(count),
  /** Of tables: what the features are made of, in their order. */
  columns: v.optional(items(columnRecord)),
});
export type FeaturesRecord = Read<typeof featuresRecord>;

/** What computes. */
const backend = {
  backend: text,
  threads: count,
  /** Which build of the WebAssembly kernels ran; null where none did. */
  simd: v.nullable(text),
  /** The GPU; null where the back end uses none. */
  adapter: v.nullable(text),
};
export const backendRecord = fields(backend);
export type BackendRecord = Read<typeof backendRecord>;

export const runEnvironment = fields({
  deno: text,
  v8: text,
  os: text,
  arch: text,
  /** Logical processors. */
  cpus: count,
  ...backend,
});
export type RunEnvironment = Read<typeof runEnvironment>;

const runDataset = fields({
  name: text,
  /** Rows of each part; `test` is 0 where there is no test set. */
  train: count,
  validation: count,
  test: count,
  /** SHA-256 of the decompressed files in lower-case hexadecimal, by file name. */
  sha256: checksums,
});
export type RunDataset = Read<typeof runDataset>;

/** A back end that was tried on the network to be trained. */
const calibrationRecord = fields({
  ...backend,
  /** Rows of the batches that were tried; fewer than the run's where a step takes long. */
  batchSize: count,
  /** Median time of a training step; null where it failed. */
  stepMs: measured,
});
export type CalibrationRecord = Read<typeof calibrationRecord>;

/** What a search hands to a trial, and by which it knows the trial's run again, whatever its folder is called. */
const trialMark = fields({
  /** The search's random `id`. */
  search: text,
  /** Counted from 1. */
  trial: count,
});
export type TrialMark = Read<typeof trialMark>;

/** Processes are at most as many as shards. */
const MOST_PROCESSES = 64;

/** Processes that train one run together. */
export const processesRecord = fields({
  count,
  /** Of the machine of each, by rank. */
  hosts: items(text, MOST_PROCESSES),
  /** What they talk through, as in "Open MPI 4.1.4". */
  library: text,
});
export type ProcessesRecord = Read<typeof processesRecord>;

/** The first line: what is about to be trained, on what, and where. */
export const runRecord = fields({
  type: exactly("run"),
  schema: count,
  /** The name of the run's folder. */
  name: text,
  /** ISO 8601, UTC. */
  startedAt: text,
  /** Every option as it was used, defaults and presets resolved. */
  config,
  dataset: runDataset,
  environment: runEnvironment,
  /** Trainable numbers in the network: weights and biases. */
  parameters: count,
  /** "classification", "binary", "multi-label" or "regression"; this and the next three are absent in version 1. */
  task: v.optional(text),
  /** The loss first. */
  metrics: v.optional(items(metricRecord, MOST_METRICS)),
  /** With the output's, which is last. */
  layers: v.optional(items(layerRecord)),
  features: v.optional(featuresRecord),
  /** What was measured to choose the back end; absent where there was no choice, or the user made it. */
  calibration: v.optional(listOf(calibrationRecord)),
  /** Which trial of which search it is; absent where it is none. */
  trial: v.optional(trialMark),
  /** Who trains it; absent where one process does. */
  processes: v.optional(processesRecord),
});
export type RunRecord = Read<typeof runRecord>;
