/** Finds out which back end is the fastest for a network, by trying each on a few of its own training steps. */
import type { Backend, BackendDescription } from "../backend.ts";
import type { TrainConfig } from "../config/options.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { WeftError } from "../errors.ts";
import { type Architecture, layerShapes, requireAffordable, tensorsOf } from "../nn/parameters.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import { INPUT_SCALE, TrainingSession } from "../train/session.ts";
import { Stopwatch } from "../train/stopwatch.ts";
import { Sampler } from "./queued_work.ts";
import { architectureFor, flopsOfStep } from "./training_steps.ts";

/** Milliseconds for each back end, to warm up and to be measured: three are done in a second. */
const WARM_UP_MS = 60;
const MEASURE_MS = 90;

/** Operations of a step that a processor does in some 40 ms. A larger step is measured with fewer rows. */
const MOST_FLOPS = 2e9;

/** Batches to take turns on. */
const BATCHES = 4;

export interface Calibrated extends BackendDescription {
  /** Rows of the batches that were tried: the run's, or fewer where a step takes long, which is in favour of a processor. */
  readonly batchSize: number;
  /** Median time of a training step; null where the back end failed. */
  readonly stepMs: number | null;
}

export interface Choice {
  readonly backend: Backend;
  /** What was measured, in the order of the candidates. */
  readonly calibration: readonly Calibrated[];
}

/**
 * Tries every candidate and returns the fastest; the others are disposed of, all of them where an error is thrown.
 *
 * @param candidates not empty
 * @throws {UsageError} where the network is too large
 * @throws {WeftError} that of the last candidate, where all fail
 */
export async function fastestBackend(
  candidates: readonly Backend[],
  images: LabelledImages,
  classes: number,
  config: TrainConfig,
): Promise<Choice> {
  // Whoever is still in it when this returns is disposed of.
  using losers = new DisposableStack();
  const kept = new Set<Backend>();
  for (const backend of candidates) {
    losers.defer(() => {
      if (!kept.has(backend)) backend[Symbol.dispose]();
    });
  }
  const trial = new Trial(images, classes, config);
  const calibration: Calibrated[] = [];
  let fastest = Infinity;
  let winner: Backend | null = null;
  let failure: unknown;
  for (const backend of candidates) {
    let stepMs: number | null = null;
    try {
      stepMs = await trial.measure(backend);
    } catch (error) {
      if (!(error instanceof WeftError)) throw error;
      failure = error;
    }
    const { batchSize } = trial;
    calibration.push({ ...backend.description, batchSize, stepMs });
    if (stepMs === null || stepMs >= fastest) continue;
    fastest = stepMs;
    winner = backend;
  }
  if (!winner) throw failure;
  kept.add(winner);
  return { backend: winner, calibration };
}

/** A few batches of the run to come, and its network with weights that cost nothing to draw. */
class Trial {
  readonly batchSize: number;
  readonly #architecture: Architecture;
  readonly #images: LabelledImages;

  constructor(images: LabelledImages, classes: number, readonly config: TrainConfig) {
    this.#architecture = architectureFor(images, config, classes);
    requireAffordable(this.#architecture);
    const affordable = Math.max(1, Math.floor(MOST_FLOPS / flopsOfStep(this.#architecture, 1)));
    this.batchSize = Math.min(config.batchSize, images.rows, affordable);
    const full = images.rows - images.rows % this.batchSize;
    const rows = Math.min(full, BATCHES * this.batchSize);
    this.#images = {
      ...images,
      rows,
      pixels: images.pixels.subarray(0, rows * this.#architecture.inputs),
      labels: images.labels.subarray(0, rows),
    };
  }

  /** Milliseconds of a training step. */
  async measure(backend: Backend): Promise<number> {
    const { config, batchSize } = this;
    const parameters = layerShapes(this.#architecture).map(([inputs, outputs]) => ({
      weights: new Float32Array(inputs * outputs).fill(0.01),
      bias: new Float32Array(outputs),
    }));
    const all = Uint32Array.from({ length: this.#images.rows }, (_, i) => i);
    using session = new TrainingSession(
      backend,
      this.#architecture,
      tensorsOf(parameters),
      this.#images,
      { train: all, validation: all.slice(0, 1) },
      { ...config, batchSize },
      INPUT_SCALE,
    );
    session.shuffle(new NumpyRandomState(config.seed));
    const stopwatch = new Stopwatch();
    let steps = session.steps(stopwatch);
    const sampler = new Sampler(backend, () => {
      if (!steps.next().done) return;
      steps = session.steps(stopwatch);
      steps.next();
    });
    await sampler.warmUp(WARM_UP_MS);
    await sampler.round(MEASURE_MS);
    return sampler.figures()!.timing.median;
  }
}
