/** The epoch with the best validation loss so far, which early stopping goes by; part of the state of training. */
import type { TrainConfig } from "../config/options.ts";
import type { Tensors } from "../nn/tensors.ts";

/** Losses in nats, accuracies from 0 to 1. */
export interface EpochValidation {
  readonly loss: number;
  readonly accuracy: number;
}

/** An epoch, from 1, and what validated it. */
export interface BestEpoch extends EpochValidation {
  readonly epoch: number;
}

/** What stands before the names of the best network's tensors in a state. */
export const BEST = "best.";

export class BestSoFar {
  #best: BestEpoch | null = null;
  #tensors: Tensors | null = null;

  constructor(readonly config: Pick<TrainConfig, "patience" | "restoreBest">) {}

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
    if (!validation || (this.#best && !(validation.loss < this.#best.loss))) return;
    const { loss, accuracy } = validation;
    this.#best = { epoch, loss, accuracy };
    if (this.config.restoreBest) this.#tensors = tensors;
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

  /** Goes on from a state. */
  restore(best: BestEpoch | null, tensors: Tensors): void {
    this.#best = best;
    const kept = [...tensors].filter(([name]) => name.startsWith(BEST));
    if (kept.length > 0) {
      this.#tensors = new Map(kept.map(([name, values]) => [name.slice(BEST.length), values]));
    }
  }
}
