/** How far two back ends have come apart after the same steps. */
import type { Backend } from "../backend/mod.ts";
import type { LabeledImages } from "../dataset/dataset.ts";
import { samplesOf } from "../dataset/samples.ts";
import type { Tensors } from "../nn/tensors.ts";
import type { TrainConfig } from "../config/options.ts";
import { networkFor } from "../train/run_network.ts";
import { planSteps, RunSteps, type StepsPlan } from "./run_steps.ts";
import { firstRows } from "./some_rows.ts";

/** What steps leave behind. */
export interface StepResults {
  /** Of the rows met, in nats. */
  readonly losses: Float32Array;
  readonly tensors: Tensors;
}

export interface StepDifferences {
  /** Largest of any row's loss, in nats. */
  readonly loss: number;
  /** Largest of any weight or bias. */
  readonly weight: number;
}

/** Steps to take from the run's first weights. */
export interface CheckPlan extends StepsPlan {
  readonly steps: number;
}

/**
 * @param config the run's; its batches become smaller where `steps` steps take more than `mostFlops` operations
 */
export function planCheck(
  images: LabeledImages,
  config: TrainConfig,
  classes: number,
  steps: number,
  mostFlops: number,
): CheckPlan {
  const { network } = networkFor(samplesOf(images), config, classes);
  const affordable = Math.floor(mostFlops / (steps * network.flopsOfStep(1)));
  const batchSize = Math.max(1, Math.min(config.batchSize, images.rows, affordable));
  const rows = firstRows(images, steps * batchSize);
  return { ...planSteps(rows, { ...config, batchSize }, classes), steps };
}

/** Takes the steps on `backend`. */
export async function checkSteps(backend: Backend, plan: CheckPlan): Promise<StepResults> {
  using steps = new RunSteps(backend, plan);
  for (let i = 0; i < plan.steps; i++) steps.run();
  return { losses: await steps.losses(), tensors: await steps.tensors() };
}

/** NaN where either has a number that is not finite and the other has not the same. */
export function differences(a: StepResults, b: StepResults): StepDifferences {
  return {
    loss: largestDifference(a.losses, b.losses),
    weight: Math.max(
      ...[...a.tensors].map(([name, values]) => largestDifference(values, b.tensors.get(name)!)),
    ),
  };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers to compare with ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  }
  return largest;
}
