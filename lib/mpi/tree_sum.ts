/**
 * Sums over processes with the same bits for any number of them. MPI's own sums add in an order that depends on library,
 * algorithm and number of processes, so MPI moves the bytes and Weft adds: neighbors first, then neighboring pairs, and so
 * on, which continues the tree of a process's own shards.
 *
 * Large blocks: recursive halving and doubling (R. Rabenseifner, 2004). In each round of the first half, two processes share
 * out what they have in common, and each adds one part; the second half sends the sums back. Small blocks, whose time is that
 * of a message: each round sends all. Both add the same numbers in the same order.
 *
 * Glossary: R processes, N numbers.
 */
import type { Matrix } from "../backend/mod.ts";
import type { SummedBlock } from "../train/process_group.ts";

/** Numbers below which a round costs what a message does. */
const SMALL = 4096;

/** Parts begin at a cache line. */
const LINE = 16;

interface Span {
  readonly first: number;
  readonly count: number;
}

/** What a process does in a round of the first half; the second half undoes it, from the last to the first. */
export interface Round {
  readonly partner: number;
  /** What it keeps and adds up. */
  readonly kept: Span;
  /** What the partner does. */
  readonly given: Span;
}

/** The rounds of process `rank` of `size`. */
export function roundsOf(rank: number, size: number, length: number): Round[] {
  const rounds: Round[] = [];
  let [first, end] = [0, length];
  for (let bit = 1; bit < size; bit *= 2) {
    const middle = length <= SMALL ? end : first + Math.ceil((end - first) / 2 / LINE) * LINE;
    const [low, high] = [{ first, count: middle - first }, { first: middle, count: end - middle }];
    const isLow = (rank & bit) === 0;
    const whole = length <= SMALL;
    rounds.push({
      partner: rank ^ bit,
      kept: whole || isLow ? low : high,
      given: whole || !isLow ? low : high,
    });
    if (whole) continue;
    if (isLow) end = middle;
    else first = middle;
  }
  return rounds;
}

/** Sends `send` to a process while receiving as much as fits into `receive` from it. */
export type Exchange = (
  partner: number,
  send: Float32Array<ArrayBufferLike>,
  receive: Float32Array<ArrayBufferLike>,
) => void;

/** A round with its memory. */
interface Placed extends Round {
  readonly sent: Float32Array<ArrayBufferLike>;
  readonly received: Float32Array<ArrayBufferLike>;
  readonly result: Float32Array<ArrayBufferLike>;
  readonly sum: Matrix;
  readonly own: Matrix;
  readonly theirs: Matrix;
}

/** The sum of one block, as often as is wanted. */
export class TreeSum {
  readonly #rounds: readonly Round[];
  #placed: readonly Placed[] = [];
  #buffer: ArrayBufferLike | null = null;

  constructor(readonly block: SummedBlock, rank: number, size: number) {
    this.#rounds = roundsOf(rank, size, block.length);
  }

  run(exchange: Exchange): void {
    const { block } = this;
    // Memory that has grown is another buffer.
    if (block.numbers().buffer !== this.#buffer) this.#place();
    for (const { partner, sent, received, sum, own, theirs } of this.#placed) {
      exchange(partner, sent, received);
      block.add(sum, own, theirs);
    }
    if (block.length <= SMALL) return;
    for (let i = this.#placed.length - 1; i >= 0; i--) {
      const { partner, sent, result } = this.#placed[i];
      exchange(partner, result, sent);
    }
  }

  #place(): void {
    const { block } = this;
    const [numbers, received] = [block.numbers(), block.received()];
    const view = (of: Float32Array<ArrayBufferLike>, { first, count }: Span) =>
      of.subarray(first, first + count);
    this.#placed = this.#rounds.map((round) => {
      const { kept, given } = round;
      const own = block.part(kept.first, kept.count);
      return {
        ...round,
        sent: view(numbers, given),
        received: view(received, kept),
        result: view(numbers, kept),
        sum: own,
        own,
        theirs: block.receivedPart(kept.first, kept.count),
      };
    });
    this.#buffer = numbers.buffer;
  }
}
