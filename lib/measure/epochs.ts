/** Epochs of the run, as `train` does them, in turns. */
import { batchCount } from "../dataset/batches.ts";
import { train } from "../train/trainer.ts";
import type { EpochEvent, TrainEvent } from "../train/events.ts";
import type { ComparedRun } from "./compared_run.ts";
import { type Contender, timingRecord } from "./contender.ts";
import { summarize } from "./statistics.ts";
import type { Turns } from "./turns.ts";

/**
 * The first epoch is a warm-up, unless it is the only one. Who would take too long for one is left out: the reference, and
 * adapters in software.
 *
 * @param longestMs how long an epoch may take, by the time of a step
 * @param signal ends an epoch under way
 */
export async function measureEpochs(
  contenders: readonly Contender[],
  turns: Turns,
  run: ComparedRun,
  longestMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { config, config: { epochs }, split } = run;
  const batches = batchCount(split.train.length, config.batchSize);
  const trainings = new Map<Contender, AsyncGenerator<TrainEvent, void, void>>();
  const times = new Map<Contender, number[]>();
  const trained = contenders.filter(({ record: { step } }) =>
    step && step.medianMs! * batches <= longestMs
  );
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const what = `epoch ${epoch} of ${epochs}`;
      await turns.each(trained, what, async (contender) => {
        const { backend } = await contender.open();
        const { images, classNames } = run;
        const training = trainings.get(contender) ??
          train({ train: images, classNames, config, backend, signal });
        trainings.set(contender, training);
        const event = await nextEpoch(training);
        signal.throwIfAborted();
        if (!event) throw new Error(`training diverged in epoch ${epoch}`);
        const { record } = contender;
        record.trainLoss = event.trainLoss;
        record.validationLoss = event.validationLoss;
        record.validationAccuracy = event.validationAccuracy;
        record.validation = event.validation;
        if (epoch === 1 && epochs > 1) return;
        const epochMs = [...times.get(contender) ?? [], event.epochMs];
        times.set(contender, epochMs);
        const timing = summarize(epochMs);
        record.epoch = timingRecord(timing);
        record.samplesPerSecond = split.train.length / timing.median * 1000;
      });
    }
  } finally {
    for (const [contender, training] of trainings) {
      // Frees what training keeps on the back end; one that has failed may not be able to.
      if (contender.failed) await training.return().catch(() => {});
      else await training.return();
    }
  }
}

/** Null where there is none any more. */
async function nextEpoch(
  training: AsyncGenerator<TrainEvent, void, void>,
): Promise<EpochEvent | null> {
  for (;;) {
    const { done, value } = await training.next();
    if (done) return null;
    if (value.type === "epoch") return value;
  }
}
