/** Time of an epoch of the baseline network, as a whole and by phase. */
import { createBackend } from "../../lib/backends/mod.ts";
import type { Dataset } from "../../lib/dataset/dataset.ts";
import { type Phase, PHASES, type PhasesMs } from "../../lib/train/events.ts";
import { train } from "../../lib/train/trainer.ts";
import { median, summarize, type Timing } from "../../lib/measure/statistics.ts";

/** A few epochs, the first of which is cold and only checked. */
export interface Turn {
  readonly epochMs: readonly number[];
  /** Training and validation loss of every epoch in turn, the first included. */
  readonly losses: readonly number[];
}

interface WeftTurn extends Turn {
  readonly coldMs: number;
  readonly phasesMs: readonly PhasesMs[];
}

export async function weftTurn(
  dataset: Dataset,
  threads: number,
  epochs: number,
): Promise<WeftTurn> {
  using backend = await createBackend({ backend: "wasm", threads });
  const events = [];
  for await (const event of train({ train: dataset.train, backend, config: { epochs } })) {
    if (event.type === "epoch") events.push(event);
  }
  const [cold, ...warm] = events;
  return {
    coldMs: cold.epochMs,
    epochMs: warm.map((event) => event.epochMs),
    losses: events.flatMap((event) => [event.trainLoss, event.validationLoss!]),
    // This back end computes at once, so every phase is there.
    phasesMs: warm.map((event) => event.phasesMs as Record<Phase, number>),
  };
}

export interface EpochFigures {
  readonly threads: number;
  readonly epoch: Timing;
  /** The first epoch, in which code is still being compiled. */
  readonly coldMs: number;
  /** Medians. */
  readonly phasesMs: Readonly<Record<Phase, number>>;
}

/** Epochs with each number of threads, which take turns. */
export async function measureEpochs(
  dataset: Dataset,
  counts: readonly number[],
  epochs: number,
  rounds: number,
): Promise<EpochFigures[]> {
  const turns = new Map<number, WeftTurn[]>(counts.map((threads) => [threads, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [threads, own] of turns) own.push(await weftTurn(dataset, threads, epochs));
  }
  return [...turns].map(([threads, own]) => {
    const phases = own.flatMap((turn) => turn.phasesMs);
    const medians = PHASES.map((
      phase,
    ) => [phase, median(phases.map((times) => times[phase] ?? 0))]);
    return {
      threads,
      epoch: summarize(own.flatMap((turn) => turn.epochMs)),
      coldMs: median(own.map((turn) => turn.coldMs)),
      phasesMs: Object.fromEntries(medians) as Record<Phase, number>,
    };
  });
}
