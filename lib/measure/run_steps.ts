/** The steps of a training run, one after the other for as long as they are wanted. */
import type { Backend } from "../backend/mod.ts";
import type { LabeledImages } from "../dataset/dataset.ts";
import { samplesOf } from "../dataset/samples.ts";
import { initialTensors } from "../nn/initializers.ts";
import type { Network } from "../nn/network.ts";
import type { Tensors } from "../nn/tensors.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import type { TrainConfig } from "../config/options.ts";
import type { Rows } from "../train/rows.ts";
import { networkFor } from "../train/run_network.ts";
import { TrainingSession } from "../train/session.ts";
import { Stopwatch } from "../train/stopwatch.ts";

/** What is trained, from which weights, on what. */
export interface StepsPlan {
  readonly images: LabeledImages;
  /** At least a batch to train on. */
  readonly split: Rows;
  readonly config: TrainConfig;
  readonly network: Network;
  readonly tensors: Tensors;
}

/** All rows, which come more than once where there are fewer than a batch has. */
export function planSteps(
  images: LabeledImages,
  config: TrainConfig,
  classes: number,
): StepsPlan {
  const { network } = networkFor(samplesOf(images), config, classes);
  const rows = Math.max(images.rows, config.batchSize);
  return {
    images,
    split: {
      train: Uint32Array.from({ length: rows }, (_, i) => i % images.rows),
      validation: new Uint32Array(),
    },
    config,
    network,
    tensors: initialTensors(network, config.initializer, new NumpyRandomState(config.seed)),
  };
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
    const { network, tensors, images, split, config } = plan;
    this.#fullBatches = Math.floor(split.train.length / config.batchSize);
    this.#session = new TrainingSession(backend, network, tensors, images, split, config);
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

  /** The network's tensors as the steps have left them. */
  tensors(): Promise<Tensors> {
    return this.#session.networkTensors();
  }

  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
  }
}
