/** Runs the trainer to its end and keeps what it yields. */
import type { EndEvent, EpochEvent, StartEvent, TrainEvent, TrainOptions } from "../../lib/mod.ts";
import { train } from "../../lib/mod.ts";

export interface TrainingRun {
  /** Every event, in order. */
  readonly events: readonly TrainEvent[];
  readonly start: StartEvent;
  readonly epochs: readonly EpochEvent[];
  readonly end: EndEvent;
}

export async function runTraining(options: TrainOptions): Promise<TrainingRun> {
  const events = await Array.fromAsync(train(options));
  return {
    events,
    start: events[0] as StartEvent,
    epochs: events.filter((event) => event.type === "epoch"),
    end: events.at(-1) as EndEvent,
  };
}
