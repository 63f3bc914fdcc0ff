/** Finds out which back end is the fastest for a network, by trying each on a few of its own training steps. */
import type { Backend, BackendDescription } from "../backend.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { WeftError } from "../errors.ts";
import { Sampler } from "./queued_work.ts";
import { architectureFor, type StepConfig, TrainingSteps } from "./training_steps.ts";

/** Milliseconds for each back end, to warm up and to be measured: two or three are done in well under a second. */
const WARM_UP_MS = 60;
const MEASURE_MS = 90;

/** Batches to take turns on. */
const BATCHES = 4;

export interface Calibrated extends BackendDescription {
  /** Median time of a training step; null where the back end failed. */
  readonly stepMs: number | null;
}

export interface Choice {
  readonly backend: Backend;
  /** What was measured, in the order of the candidates. */
  readonly calibration: readonly Calibrated[];
}

/**
 * Tries every candidate and returns the fastest; the others are disposed of.
 *
 * @param candidates not empty
 * @throws the error of the last one, where all fail
 */
export async function fastestBackend(
  candidates: readonly Backend[],
  images: LabelledImages,
  classes: number,
  config: StepConfig,
): Promise<Choice> {
  const calibration: Calibrated[] = [];
  let fastest: { readonly backend: Backend; readonly stepMs: number } | null = null;
  let failure: unknown;
  for (const backend of candidates) {
    let stepMs: number | null = null;
    try {
      stepMs = await measureStep(backend, images, classes, config);
    } catch (error) {
      if (!(error instanceof WeftError)) throw error;
      failure = error;
    }
    calibration.push({ ...backend.description, stepMs });
    if (stepMs !== null && stepMs < (fastest?.stepMs ?? Infinity)) {
      fastest?.backend[Symbol.dispose]();
      fastest = { backend, stepMs };
    } else backend[Symbol.dispose]();
  }
  if (!fastest) throw failure;
  return { backend: fastest.backend, calibration };
}

async function measureStep(
  backend: Backend,
  images: LabelledImages,
  classes: number,
  config: StepConfig,
): Promise<number> {
  const architecture = architectureFor(images, config, classes);
  const rows = Math.min(images.rows, BATCHES * config.batchSize);
  const few = {
    ...images,
    rows,
    pixels: images.pixels.subarray(0, rows * architecture.inputs),
    labels: images.labels.subarray(0, rows),
  };
  using steps = new TrainingSteps(backend, few, architecture, config);
  const sampler = new Sampler(backend, () => steps.run());
  await sampler.warmUp(WARM_UP_MS);
  await sampler.round(MEASURE_MS);
  return sampler.figures()!.timing.median;
}
