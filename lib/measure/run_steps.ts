/** The steps of a training run, one after the other for as long as they are wanted. */
import type { Backend } from "../backend.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { INPUT_SCALE } from "../nn/input_map.ts";
import {
  type Architecture,
  type LayerParameters,
  layerShapes,
  type Tensors,
} from "../nn/parameters.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import type { TrainConfig } from "../train/config.ts";
import type { Rows } from "../train/rows.ts";
import { architectureFor, initialTensors } from "../train/run_network.ts";
import { TrainingSession } from "../train/session.ts";
import { Stopwatch } from "../train/stopwatch.ts";

/** What is trained, from which weights, on what. */
export interface StepsPlan {
  readonly images: LabelledImages;
  /** At least a batch to train on. */
  readonly split: Rows;
  readonly config: TrainConfig;
  readonly architecture: Architecture;
  readonly tensors: Tensors;
}

/** All rows, which come more than once where there are fewer than a batch has. */
export function planSteps(
  images: LabelledImages,
  config: TrainConfig,
  classes: number,
): StepsPlan {
  const architecture = architectureFor(images, config, classes);
  const rows = Math.max(images.rows, config.batchSize);
  return {
    images,
    split: {
      train: Uint32Array.from({ length: rows }, (_, i) => i % images.rows),
      validation: new Uint32Array(),
    },
    config,
    architecture,
    tensors: initialTensors(architecture, config, new NumpyRandomState(config.seed)),
  };
}

/** Multiplications and additions of a step's matrix products. */
export function flopsOfStep(architecture: Architecture, batchSize: number): number {
  // Forward and the weights' gradient, and the input's gradient for all layers but the first.
  const products = layerShapes(architecture).map(([inputs, outputs], l) =>
    (l === 0 ? 2 : 3) * inputs * outputs
  );
  return 2 * batchSize * products.reduce((sum, product) => sum + product);
}

/** An epoch's batches in turn, but not a last one that is smaller; then the same again. */
export class RunSteps implements Disposable {
  readonly #session: TrainingSession;
  readonly #fullBatches: number;
  readonly #stopwatch = new Stopwatch();
  #steps: Iterator<unknown>;
  #left: number;

  /** Uploads the run's data and network. */
  constructor(readonly backend: Backend, plan: StepsPlan) {
    const { architecture, tensors, images, split, config } = plan;
    this.#fullBatches = Math.floor(split.train.length / config.batchSize);
    this.#session = new TrainingSession(
      backend,
      architecture,
      tensors,
      images,
      split,
      config,
      INPUT_SCALE,
    );
    this.#session.shuffle(new NumpyRandomState(config.seed));
    this.#steps = this.#session.steps(this.#stopwatch);
    this.#left = this.#fullBatches;
  }

  /** One step. */
  run(): void {
    if (this.#left === 0) {
      this.#steps = this.#session.steps(this.#stopwatch);
      this.#left = this.#fullBatches;
    }
    this.#steps.next();
    this.#left--;
  }

  /** Losses, in nats, of the rows met since the first batch, each before its batch's update. */
  async losses(): Promise<Float32Array> {
    return (await this.#session.rowsSoFar(this.#fullBatches - this.#left)).losses;
  }

  /** The network as the steps have left it. */
  parameters(): Promise<LayerParameters[]> {
    return this.#session.parameters();
  }

  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
  }
}
