/** The learning rate of each step of training: pure functions of the step and of how many there are. Steps count from 0. */

import type { TrainConfig } from "../config/options.ts";

/** How long training is. */
export interface Duration {
  readonly epochs: number;
  /** Steps of an epoch. */
  readonly batches: number;
}

/** The learning rate of step `step`. */
export function learningRateAt(config: TrainConfig, step: number, duration: Duration): number {
  const { learningRate, schedule } = config;
  const { epochs, batches } = duration;
  const steps = epochs * batches;
  if (schedule === "one-cycle") return learningRate * oneCycle(step, steps, config);
  const warmup = warmupSteps(config.warmup, duration);
  if (step < warmup) return learningRate * linearRise(step, warmup);
  switch (schedule) {
    case "constant":
      return learningRate;
    case "step":
      return learningRate *
        config.scheduleFactor ** Math.floor(step / (config.scheduleStep * batches));
    case "cosine":
      return learningRate * cosineFall(step - warmup, steps - warmup);
  }
}

/** Steps of a warm-up. */
export function warmupSteps(warmup: number, { epochs, batches }: Duration): number {
  return Math.round(warmup < 1 ? warmup * epochs * batches : warmup * batches);
}

/** 1 / steps, 2 / steps, ..., 1. */
function linearRise(step: number, steps: number): number {
  return (step + 1) / steps;
}

/** From 1 towards 0, which step `steps` would have: half a wave of a cosine (Loshchilov and Hutter, 2017). */
function cosineFall(step: number, steps: number): number {
  return (1 + Math.cos(Math.PI * step / steps)) / 2;
}

/**
 * Rises to 1 and falls to nearly 0, each half a wave of a cosine (Smith and Topin, 2018), as PyTorch's OneCycleLR does. The
 * momentum stays as it is.
 */
function oneCycle(
  step: number,
  steps: number,
  { pctStart, divFactor, finalDivFactor }: Pick<
    TrainConfig,
    "pctStart" | "divFactor" | "finalDivFactor"
  >,
): number {
  const first = 1 / divFactor;
  const top = pctStart * steps - 1;
  const last = steps - 1;
  // A rise that is over before the first step, or with it, has no length.
  if (step <= top && top > 0) return between(first, 1, step / top);
  return between(1, first / finalDivFactor, last > top ? (step - top) / (last - top) : 1);
}

/** From `start` to `end` over `part` of half a cosine wave. */
function between(start: number, end: number, part: number): number {
  return end + (start - end) / 2 * (Math.cos(Math.PI * part) + 1);
}
