/**
 * Several processes that train one network together, each with some shards of every batch. All of them take the same steps on
 * the same numbers; what differs between them is which rows they see.
 */
import type { Matrix } from "../backend/mod.ts";
import { UsageError } from "../errors.ts";
import type { RowRange, Shards } from "../nn/shards.ts";

/** What such a process asks of the others. */
export interface ProcessGroup {
  /** From 0; below `size`. */
  readonly rank: number;
  /** A power of two. */
  readonly size: number;
  /**
   * Replaces every number of `block`, one row, by the sum over processes: neighbors are added first (0 and 1, 2 and 3), then
   * neighboring pairs, and so on.
   *
   * @returns null where nothing is to be waited for
   */
  sum(block: SummedBlock): Promise<void> | null;
  /** Replaces `bytes` by the bits that any process has set in its own. */
  merge(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** One matrix of 1 x N in this process's memory. */
export interface SummedBlock {
  /** Numbers, N. */
  readonly length: number;
  /** The numbers themselves. */
  numbers(): Float32Array<ArrayBufferLike>;
  /** Numbers `first` to `first + count` of the block, as a matrix of one row. */
  part(first: number, count: number): Matrix;
  /** What others send, as long as the block. */
  received(): Float32Array<ArrayBufferLike>;
  /** Of what others send, as `part`. */
  receivedPart(first: number, count: number): Matrix;
  /** y = a + b. */
  add(y: Matrix, a: Matrix, b: Matrix): void;
}

/** One process, whose gradients are all there is. */
export const ALONE: ProcessGroup = { rank: 0, size: 1, sum: () => null, merge: async () => {} };

/**
 * The shards of a process.
 *
 * @throws {UsageError} where they cannot be shared out
 */
export function shardsOf({ rank, size }: ProcessGroup, count: number): Shards {
  if (!Number.isInteger(Math.log2(size)) || size > count) {
    const most = `as many as --shards, ${count}, at most`;
    throw new UsageError(
      `Cannot train in ${size} processes: they must be a power of two, and ${most}; ` +
        "start another number of processes, or give --shards for a run that is new",
    );
  }
  const each = count / size;
  return { count, first: rank * each, end: (rank + 1) * each };
}

/**
 * Rows of which each process has filled its own.
 *
 * @param values  of all rows, `columns` each
 * @param own     rows that this process has filled
 * @returns what all have filled
 */
export async function mergeRows(
  group: ProcessGroup,
  values: Float32Array<ArrayBuffer>,
  columns: number,
  own: Iterable<RowRange>,
): Promise<Float32Array<ArrayBuffer>> {
  if (group.size === 1) return values;
  const merged = new Float32Array(values.length);
  for (const { start, end } of own) {
    merged.set(values.subarray(start * columns, end * columns), start * columns);
  }
  await group.merge(new Uint8Array(merged.buffer));
  return merged;
}
