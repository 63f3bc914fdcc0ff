/** The epoch with the best validation so far, by the loss or another metric, which early stopping goes by; part of the state of training. */
import type { TrainConfig } from "../config/options.ts";
import type { Tensors } from "../nn/tensors.ts";
import { directionOf } from "../task/mod.ts";
import type { Metrics } from "../task/task.ts";

/** What validated an epoch. */
export interface EpochValidation {
  /** On the validation rows, penalties included. */
  readonly loss: number;
  /** On the same rows. */
  readonly metrics: Metrics;
}

/** An epoch, from 1, and what validated it. */
export interface BestEpoch extends EpochValidation {
  /** From 1. */
  readonly epoch: number;
}

/** What stands before the names of the best network's tensors in a state. */
export const BEST = "best.";

/** What the monitored metric is, the smaller the better; the largest number where the rows do not tell. */
function scoreOf({ loss, metrics }: EpochValidation, monitor: string): number {
  if (monitor === "loss") return loss;
  const value = metrics[monitor] ?? null;
  if (value === null || Number.isNaN(value)) return Infinity;
  return directionOf(monitor) === "higher" ? -value : value;
}

export class BestSoFar {
  #best: BestEpoch | null = null;
  #tensors: Tensors | null = null;

  constructor(readonly config: Pick<TrainConfig, "patience" | "restoreBest" | "monitor">) {}

  /** Null before the first epoch, and where nothing validates. */
  get best(): BestEpoch | null {
    return this.#best;
  }

  /** The network of that epoch; null where it is not kept. */
  get tensors(): Tensors | null {
    return this.#tensors;
  }

  /** @param tensors the network after that epoch, by name */
  take(epoch: number, validation: EpochValidation | null, tensors: Tensors): void {
    if (!validation || !this.#isBetter(validation)) return;
    this.#best = { epoch, ...validation };
    if (this.config.restoreBest) this.#tensors = tensors;
  }

  #isBetter(validation: EpochValidation): boolean {
    const { monitor } = this.config;
    const value = scoreOf(validation, monitor);
    return !this.#best || value < scoreOf(this.#best, monitor);
  }

  /** Whether the validation loss has not become better for as many epochs as patience lasts. */
  isPatienceOver(epoch: number): boolean {
    const { config: { patience } } = this;
    return patience > 0 && this.#best !== null && epoch - this.#best.epoch >= patience;
  }

  /** Adds the network to the tensors of a state. */
  save(tensors: Map<string, Float32Array<ArrayBuffer>>): void {
    this.#tensors?.forEach((values, name) => tensors.set(BEST + name, values));
  }

  /** Continues from a state. */
  restore(best: BestEpoch | null, tensors: Tensors): void {
    this.#best = best;
    const kept = [...tensors].filter(([name]) => name.startsWith(BEST));
    if (kept.length > 0) {
      this.#tensors = new Map(kept.map(([name, values]) => [name.slice(BEST.length), values]));
    }
  }
}
