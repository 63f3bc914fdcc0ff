/** What a training run is given. */
import type { Backend } from "../backend/mod.ts";
import type { TrainConfig } from "../config/options.ts";
import type { SampleData } from "../dataset/samples.ts";
import type { ProcessGroup } from "./process_group.ts";
import type { TrainingState } from "./checkpoint/state.ts";

export interface TrainOptions {
  /** Rows to learn from; a part of them, of every class alike, is kept for validation, as the configuration says. */
  readonly train: SampleData;
  /** Rows to validate with; all of `train` is then trained on, whatever fraction the configuration has. */
  readonly validation?: SampleData;
  /** Rows of `train` to train on and to validate with, in place of those that the configuration makes; may be none to validate. */
  readonly split?: { readonly train: Uint32Array; readonly validation: Uint32Array };
  /** Rows for the final evaluation, never trained on. */
  readonly test?: SampleData | null;
  /** One name a class; numbers by default. */
  readonly classNames?: readonly string[];
  /** Configuration to start from: "baseline" by default. */
  readonly preset?: string;
  /** Values to use in place of the preset's. */
  readonly config?: Partial<TrainConfig>;
  /** Where to compute; made for the run by default. */
  readonly backend?: Backend;
  /** Makes the back end to continue with if the device of the first one fails; without it, training fails too. */
  readonly fallback?: () => Promise<Backend>;
  /** Ends the run after the batch under way. */
  readonly signal?: AbortSignal;
  /** Where to continue; everything but the number of threads must then be as it was. */
  readonly resume?: TrainingState;
  /** How long training took before, where that is more than `resume` knows of: times continue from there. */
  readonly elapsedMs?: number;
  /** How often to yield a `checkpoint`: after so many epochs or seconds, and when interrupted. Never by default. */
  readonly checkpointEvery?: CheckpointInterval;
  /** The processes that train together, of which this is one. */
  readonly group?: ProcessGroup;
  /** What names the data in checkpoints, such as a digest that is known; computed by default. */
  readonly dataId?: string;
}

/** One of the two. */
export type CheckpointInterval = { readonly epochs: number } | { readonly seconds: number };
