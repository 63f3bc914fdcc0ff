/** What a training run is given. */
import type { Backend } from "../backend.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import type { PictureSource } from "../dataset/picture_source.ts";
import type { TrainConfig } from "./config.ts";
import type { TrainingState } from "./state.ts";

export interface TrainOptions {
  /** Pictures to learn from; a fifth of them, of every class alike, is kept for validation. */
  readonly train: LabelledImages | PictureSource;
  /** Pictures for the final evaluation, never trained on. */
  readonly test?: LabelledImages | null;
  /** One name a class; numbers where left out. */
  readonly classNames?: readonly string[];
  /** Configuration to start from: "baseline" where left out. */
  readonly preset?: string;
  /** Values to use in place of the preset's. */
  readonly config?: Partial<TrainConfig>;
  /** Where to compute; made for the run where left out. */
  readonly backend?: Backend;
  /** Makes the back end to go on with if the device of the first one fails; without it, training fails too. */
  readonly fallback?: () => Promise<Backend>;
  /** Ends the run after the batch under way. */
  readonly signal?: AbortSignal;
  /** Where to go on; everything but the number of threads must then be as it was. */
  readonly resume?: TrainingState;
  /** How often to yield a `checkpoint`: after so many epochs or seconds, and when interrupted. Never where left out. */
  readonly checkpointEvery?: CheckpointInterval;
  /** What names the data in checkpoints, such as a digest that is known; computed where left out. */
  readonly dataId?: string;
}

/** One of the two. */
export type CheckpointInterval = { readonly epochs: number } | { readonly seconds: number };
