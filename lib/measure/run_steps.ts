/** The steps of a training run, one after the other for as long as they are wanted. */
import type { Backend } from "../backend.ts";
import { tensorsOf } from "../nn/parameters.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import { INPUT_SCALE, TrainingSession } from "../train/session.ts";
import { Stopwatch } from "../train/stopwatch.ts";
import type { ComparedRun } from "./compared_run.ts";

/** An epoch's batches in turn, but not a last one that is smaller; then the same again. */
export class RunSteps implements Disposable {
  readonly #session: TrainingSession;
  readonly #fullBatches: number;
  readonly #stopwatch = new Stopwatch();
  #steps: Iterator<unknown>;
  #left: number;

  /** Uploads the run's data and network. */
  constructor(backend: Backend, run: ComparedRun) {
    const { architecture, parameters, images, split, config, network } = run;
    this.#fullBatches = Math.floor(split.train.length / network.batchSize);
    this.#session = new TrainingSession(
      backend,
      architecture,
      tensorsOf(parameters),
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

  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
  }
}
