/**
 * The step of training. There is one: whole runs, slices and every measurement take it.
 *
 * Glossary: B rows of the batch.
 */
import type { Backend, Matrix, RowIndices } from "../backend/mod.ts";
import type { BatchBuffers } from "../nn/sequential.ts";
import type { Learner } from "./learner.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { UploadedSamples } from "./uploaded_samples.ts";

/** What the steps of an epoch share: the rows that it meets in order, and what it finds out about each. */
export interface EpochRows {
  readonly order: RowIndices;
  /** The same, for features that are not on the back end. */
  readonly met: Uint32Array;
  /** Losses, and what the task finds of a row (of classification, the predicted class), in that order. */
  readonly losses: Matrix;
  readonly found: Matrix;
}

export interface Batch {
  /** Steps before this one since training began. */
  readonly number: number;
  /** Its first row, in the order of the epoch. */
  readonly start: number;
  /** For B rows. */
  readonly buffers: BatchBuffers;
  readonly learningRate: number;
}

/** @returns what is to be waited for before the next step; null where that is nothing, because one process trains alone */
export function trainingStep(
  backend: Backend,
  { network, parameters, loss, group, block, clipping, optimizer }: Learner,
  samples: UploadedSamples,
  { order, met, losses, found }: EpochRows,
  { number, start, buffers, learningRate }: Batch,
  stopwatch: Stopwatch,
): Promise<void> | null {
  const batchRows = buffers.x.rows;
  const own = network.own(buffers);
  stopwatch.begin("gather");
  if (own) samples.gather(own.x, order, start + own.firstRow, met);
  loss.prepare(order, start, batchRows);
  stopwatch.begin("forward");
  const logits = network.forward(buffers, number);
  stopwatch.begin("loss");
  // Of all rows, because it divides by them; those of other processes have old logits here, and count there.
  loss.note(found, logits, start);
  loss.take(buffers, losses, order, start);
  stopwatch.begin("backward");
  network.backward(buffers, number);
  const update = () => {
    stopwatch.begin("update");
    network.finish();
    const scale = clipping?.scale() ?? null;
    optimizer.step(backend, parameters, { number, learningRate, batchRows, scale });
    stopwatch.begin(null);
  };
  if (block) {
    stopwatch.begin("communicate");
    const summed = group.sum(block);
    if (summed) return summed.then(update);
  }
  update();
  return null;
}
