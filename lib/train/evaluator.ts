/** Runs a network over many rows, batch by batch; nothing is read back before the end. */
import type { Matrix, RowIndices } from "../backend/mod.ts";
import { batchRanges } from "../dataset/batches.ts";
import type { SampleTargets } from "../dataset/samples.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import type { BatchBuffers, Sequential } from "../nn/sequential.ts";
import type { RowRange } from "../nn/shards.ts";
import type { TaskLoss } from "../task/task.ts";
import { Turns } from "./event_loop.ts";
import { ALONE, mergeRows, type ProcessGroup } from "./process_group.ts";
import { Pace } from "./queue_throttle.ts";
import type { RowFeatures } from "./uploaded_samples.ts";

/**
 * Rows of a batch where nothing is learned, so that the size is free: few enough that a batch of 784 inputs stays near the
 * processor, enough to amortise what a call costs.
 */
const INFERENCE_BATCH = 256;

/** Runs a network over rows that are given. Its buffers live as long as it does. */
export class Evaluator implements Disposable {
  readonly #buffers: Map<number, BatchBuffers>;
  readonly #order: RowIndices;
  readonly #losses: Matrix;
  readonly #found: Matrix;
  readonly #owned: DisposableStack;

  /**
   * @param features of the rows and maybe of others
   * @param rows      rows to evaluate, by number
   */
  constructor(
    readonly network: Sequential,
    readonly features: RowFeatures,
    readonly rows: Uint32Array,
    columns = 1,
  ) {
    const { backend } = network;
    this.#buffers = bufferSizes(network, rows.length, INFERENCE_BATCH, false);
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    this.#order = own(backend.allocateOrder(rows.length));
    this.#losses = own(backend.allocate(rows.length, 1));
    this.#found = own(backend.allocate(rows.length, columns));
    backend.writeOrder(this.#order, rows);
    this.#owned = owned.move();
  }

  /**
   * The loss of each row, and what `loss` finds of it: of classification, the predicted class.
   *
   * @param group processes that share the batches out
   */
  async run(
    loss: TaskLoss,
    group: ProcessGroup = ALONE,
  ): Promise<{ losses: Float32Array; found: Float32Array }> {
    const { network: { backend } } = this;
    const pace = new Pace(backend);
    const turns = new Turns();
    const own: RowRange[] = [];
    for (const { logits, start, end } of this.batches(group)) {
      loss.note(this.#found, logits, start);
      loss.take({ logits, dLogits: logits }, this.#losses, this.#order, start);
      own.push({ start, end });
      if (pace.isDue()) await pace.wait();
      if (turns.isDue()) await turns.take();
    }
    const merged = async (matrix: Matrix) =>
      await mergeRows(group, await backend.read(matrix), matrix.columns, own);
    return { losses: await merged(this.#losses), found: await merged(this.#found) };
  }

  /**
   * The logits of a batch, B x O, which the next one replaces; and its rows, by their place among those given.
   *
   * @param group of whose processes each takes its share of the batches
   */
  *batches(
    { rank, size }: Pick<ProcessGroup, "rank" | "size"> = ALONE,
  ): Generator<{ logits: Matrix; start: number; end: number }, void, void> {
    const { network, features, rows } = this;
    let number = 0;
    for (const { start, end } of batchRanges(rows.length, INFERENCE_BATCH)) {
      if (number++ % size !== rank) continue;
      const buffers = this.#buffers.get(end - start)!;
      features.gather(buffers.x, this.#order, start, rows);
      yield { logits: network.forward(buffers), start, end };
    }
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}

/** Buffers for each size that the batches of `rows` rows have: `batchSize`, and the last one's. */
export function bufferSizes(
  network: Sequential,
  rows: number,
  batchSize: number,
  training: boolean,
): Map<number, BatchBuffers> {
  const largest = Math.min(rows, batchSize);
  const whole = network.batchBuffers(largest, training);
  const sizes = new Map([[largest, whole]]);
  const last = rows % largest;
  if (last > 0) sizes.set(last, network.firstRows(whole, last));
  return sizes;
}

/** Sum of the losses of `rows`; rows of a class that the network does not know count as the mean of the others. */
export function sumOfLosses(
  losses: Float32Array,
  { values, known }: SampleTargets,
  rows: Uint32Array,
): number {
  if (known === undefined) return sum(losses);
  const ofKnown = losses.filter((_, i) => values[rows[i]] < known);
  return ofKnown.length === 0 ? NaN : sum(ofKnown) / ofKnown.length * losses.length;
}

/** Sum in float64, in order. */
export function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
