/**
 * Training at one moment, between two batches, as plain data: all that it takes to continue, later or elsewhere, and end with
 * the same bits.
 */
import type { BackendDescription } from "../../backend/mod.ts";
import type { TrainConfig } from "../../config/options.ts";
import { DEFAULTS } from "../../config/presets.ts";
import {
  type Element,
  sampleChunks,
  type SampleData,
  samplesOf,
  type TaskName,
} from "../../dataset/samples.ts";
import { UsageError } from "../../errors.ts";
import type { Tensors } from "../../nn/tensors.ts";
import type { NumpyRandomStateData } from "../../random/numpy_random_state.ts";
import type { Metrics } from "../../task/task.ts";
import type { BestEpoch } from "../best_epoch.ts";

export interface TrainingState {
  readonly identity: RunIdentity;
  readonly progress: TrainingProgress;
  /**
   * By name: the network (`layers.0.weight`, inputs x outputs of the layer; where batches are normalized `layers.0.norm.weight`,
   * `.norm.bias`, `.norm.running_mean`, `.norm.running_var`), and what the optimizer keeps for each tensor
   * (`layers.0.weight.residual`). In the middle of an epoch also `epoch.losses` and `epoch.classes`, a number for each row
   * met so far (of other tasks than classification `epoch.outputs`, the logits), and `kept.layers.0.weight` and so on, the network as the last completed epoch left it. With `restoreBest`,
   * `best.layers.0.weight` and so on are the network of the best epoch.
   */
  readonly tensors: Tensors;
}

/** What must be the same for the bits to be. The number of threads need not. */
export interface RunIdentity {
  readonly config: TrainConfig;
  readonly data: DataIdentity;
  readonly computing: Pick<BackendDescription, "backend" | "simd" | "adapter">;
}

export interface DataIdentity {
  readonly rows: number;
  /** Of images of one channel. */
  readonly height?: number;
  readonly width?: number;
  /** Of other rows; see InputFormat. */
  readonly element?: Element;
  readonly shape?: readonly number[];
  /** What is learned; classification by default. */
  readonly task?: TaskName;
  /** Names of classes, labels or targets. */
  readonly classes: number;
  /** Of the labels and the pixels, or what the caller names them by. */
  readonly sha256: string;
  /** Of the images to validate with, and of the rows of the split, where the caller gave them. */
  readonly holdOut?: string;
  readonly split?: string;
  /** Of the model that training began with, and names of the tensors that stay as they are. */
  readonly from?: string;
  readonly frozen?: readonly string[];
  /** Of what the rows of a table went through, as JSON. */
  readonly preprocessing?: string;
}

export interface TrainingProgress {
  /** Epochs that are complete. */
  readonly epoch: number;
  /** Batches of the next one that are done. */
  readonly batch: number;
  /** The generator before it drew that epoch's permutation. */
  readonly random: NumpyRandomStateData;
  /** Of the network as the last completed epoch left it; null before the first, and where nothing validates. */
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** All metrics of that; absent in states of versions that knew the accuracy alone. */
  readonly validationMetrics?: Metrics | null;
  /** The epoch with the best validation loss so far; null likewise. */
  readonly best: BestEpoch | null;
  /** How long training took so far. */
  readonly elapsedMs: number;
  /** How long the epoch under way took of that; 0 between two epochs. */
  readonly epochMs: number;
}

/** The names of what only the middle of an epoch has. */
export const LOSSES = "epoch.losses";
const FOUND: Readonly<Partial<Record<TaskName, string>>> = { classification: "epoch.classes" };
export const foundName = (task: TaskName): string => FOUND[task] ?? "epoch.outputs";
export const LAST_GOOD = "kept.";

/** What `createBackend` takes for the GPU that a description names: there, one in software says so after its name. */
export function adapterOf(
  { adapter }: Partial<RunIdentity["computing"]>,
): string | undefined {
  return adapter?.replace(/ \(software\)$/, "");
}

/** SHA-256 of the digests of the labels and of some thousands of rows each, in lower-case hexadecimal. */
export function digestOf(data: SampleData): Promise<string> {
  return digestOfAll(partsOf(data));
}

function* partsOf(data: SampleData): Generator<BufferSource> {
  const samples = samplesOf(data);
  yield samples.targets.values as BufferSource;
  if (samples.weights) yield samples.weights as BufferSource;
  for (const { values } of sampleChunks(samples)) yield values as BufferSource;
}

/** Likewise of the row numbers to train on and to validate with. */
export function digestOfRows(
  { train, validation }: { readonly train: Uint32Array; readonly validation: Uint32Array },
): Promise<string> {
  return digestOfAll([train.slice(), validation.slice()]);
}

/** Of a text's UTF-8. */
export async function digestOfText(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

/** Of the digests of each, because joining them would copy the images. */
async function digestOfAll(parts: Iterable<BufferSource>): Promise<string> {
  const digests: ArrayBuffer[] = [];
  for (const part of parts) digests.push(await crypto.subtle.digest("SHA-256", part));
  const all = await new Blob(digests).arrayBuffer();
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all)).toHex();
}

/**
 * Refuses to continue where something is not as it was.
 *
 * @throws {UsageError} which names all that differs
 */
export function requireSame(then: RunIdentity, now: RunIdentity): void {
  // A state of an earlier version does not name the options that came later.
  const before = { ...then, config: { ...DEFAULTS, ...then.config } };
  const differences = [
    ...differencesOf(namedData(before.data), namedData(now.data)),
    ...differencesOf(before.config, now.config),
    ...differencesOf(before.computing, now.computing),
  ];
  if (differences.length === 0) return;
  throw new UsageError(
    `Cannot resume from this state: ${differences.join(", ")}; ` +
      "use the original data and options, or start another run",
  );
}

/** With names for what only has digests. */
function namedData({ sha256, holdOut, split, ...shape }: DataIdentity): object {
  return { ...shape, data: sha256, "validation data": holdOut, split };
}

/** What differs, as in "epochs was 40 and is 10"; of two digests, their beginnings. */
export function differencesOf(then: object, now: object): string[] {
  const [before, after] = [then, now].map((part) => part as Record<string, unknown>);
  const names = new Set([...Object.keys(then), ...Object.keys(now)]);
  return [...names].flatMap((name) => {
    const texts = [before[name], after[name]].map((value) => JSON.stringify(value) ?? "not known");
    if (texts[0] === texts[1]) return [];
    const short = texts.map((text) => text.replace(LONG_DIGEST, '"$1..."'));
    // Two digests in one may begin alike.
    const [was, is] = short[0] === short[1] ? texts : short;
    return [`${name} was ${was} and is ${is}`];
  });
}

const LONG_DIGEST = /^"([0-9a-f]{12})[0-9a-f]{52,}"$/;
