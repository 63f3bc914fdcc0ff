/** Finds out which back end is the fastest for a network, by trying each on a few of its own training steps. */
import type { Backend, BackendDescription } from "../backend/mod.ts";
import type { TrainConfig } from "../config/options.ts";
import { allRows } from "../dataset/batches.ts";
import type { LabeledImages } from "../dataset/dataset.ts";
import { samplesOf } from "../dataset/samples.ts";
import { WeftError } from "../errors.ts";
import { networkFor } from "../train/run_network.ts";
import { Sampler } from "./queued_work.ts";
import { RunSteps, type StepsPlan } from "./run_steps.ts";
import { firstRows } from "./some_rows.ts";

/** Milliseconds for each back end, to warm up and to be measured: three are done in a second. */
const WARM_UP_MS = 60;
const MEASURE_MS = 90;

/** Operations of a step that a processor does in some 40 ms. A larger step is measured with fewer rows. */
const MOST_FLOPS = 2e9;

/** Batches to take turns on. */
const BATCHES = 4;

export interface Calibrated extends BackendDescription {
  /** Rows of the batches that were tried: the run's, or fewer where a step takes long, which is in favor of a processor. */
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
  images: LabeledImages,
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
  const probe = new Probe(images, classes, config);
  const calibration: Calibrated[] = [];
  let fastest = Infinity;
  let winner: Backend | null = null;
  let failure: unknown;
  for (const backend of candidates) {
    let stepMs: number | null = null;
    try {
      stepMs = await probe.measure(backend);
    } catch (error) {
      if (!(error instanceof WeftError)) throw error;
      failure = error;
    }
    const { batchSize } = probe;
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
class Probe {
  readonly batchSize: number;
  readonly #plan: StepsPlan;

  constructor(images: LabeledImages, classes: number, config: TrainConfig) {
    const { network } = networkFor(samplesOf(images), config, classes);
    const affordable = Math.max(1, Math.floor(MOST_FLOPS / network.flopsOfStep(1)));
    const batchSize = Math.min(config.batchSize, images.rows, affordable);
    const full = images.rows - images.rows % batchSize;
    const rows = Math.min(full, BATCHES * batchSize);
    this.batchSize = batchSize;
    this.#plan = {
      images: firstRows(images, rows),
      split: { train: allRows(rows), validation: new Uint32Array() },
      config: { ...config, batchSize },
      network,
      // Weights that cost nothing to draw.
      tensors: network.initial(() => () => 0.01),
    };
  }

  /** Milliseconds of a training step. */
  async measure(backend: Backend): Promise<number> {
    using steps = new RunSteps(backend, this.#plan);
    const sampler = new Sampler(backend, () => steps.run());
    await sampler.warmUp(WARM_UP_MS);
    await sampler.round(MEASURE_MS);
    return sampler.figures()!.timing.median;
  }
}
