/** What a training run is given. */
import type { Backend } from "../backend/mod.ts";
import type { TrainConfig } from "../config/options.ts";
import type { Preprocessing } from "../dataset/preprocessing/preprocessing.ts";
import type { SampleData } from "../dataset/samples.ts";
import type { Table } from "../dataset/table.ts";
import type { TableDataset } from "../dataset/table_dataset.ts";
import type { Model } from "../model/model.ts";
import type { TrainingState } from "./checkpoint/state.ts";
import type { ProcessGroup } from "./process_group.ts";

/** What `train` and `Trainer` take. */
export interface TrainOptions {
  /** Rows to learn from; a part of them, of every class alike, is kept for validation, as the configuration says. */
  readonly train: SampleData | TableDataset;
  /** Rows to validate with; all of `train` is then trained on, whatever fraction the configuration has. */
  readonly validation?: SampleData | TableDataset | Table;
  /** Rows of `train` to train on and to validate with, in place of those that the configuration makes; may be none to validate. */
  readonly split?: { readonly train: Uint32Array; readonly validation: Uint32Array };
  /** Rows for the final evaluation, never trained on. */
  readonly test?: SampleData | TableDataset | Table | null;
  /** One name a class; numbers by default. */
  readonly classNames?: readonly string[];
  /** Configuration to start from: "baseline" by default. */
  readonly preset?: string;
  /** A model to begin with: its weights by name and shape, its layers unless `config` says others, its preprocessing. */
  readonly from?: Model;
  /** Parameters that stay as they are: so many layers from the input side, or names such as "layers.0". */
  readonly freeze?: number | readonly string[];
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
  /** What names the data in checkpoints, such as a digest that is known; computed by default, and always of tables. */
  readonly dataId?: string;
}

/** Options whose tables have become rows of features. */
export interface RunOptions extends Omit<TrainOptions, "train" | "validation" | "test"> {
  readonly train: SampleData;
  readonly validation?: SampleData;
  readonly test?: SampleData | null;
  /** What the rows of tables went through. */
  readonly preprocessing?: Preprocessing;
  /** What was decided about tables, and is odd about them, a line each. */
  readonly notes?: readonly string[];
}

/** One of the two. */
export type CheckpointInterval = { readonly epochs: number } | { readonly seconds: number };
