/** Processes that train together, all of them in this one: what MPI does, in plain loops. */
import type { ProcessGroup, SummedBlock } from "../../lib/train/process_group.ts";

/** Where all ranks bring something, and each takes what came of it. */
class Meeting<T> {
  #brought: T[] = [];
  #met = Promise.withResolvers<T>();

  constructor(readonly size: number, readonly become: (all: readonly T[]) => T) {}

  bring(rank: number, mine: T): Promise<T> {
    const { promise } = this.#met;
    this.#brought[rank] = mine;
    if (Object.keys(this.#brought).length === this.size) {
      this.#met.resolve(this.become(this.#brought));
      this.#brought = [];
      this.#met = Promise.withResolvers();
    }
    return promise;
  }
}

/** The sum along the tree: neighbors first. */
function treeSum(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0];
  const pairs = Array.from({ length: parts.length / 2 }, (_, i) => {
    const [a, b] = [parts[2 * i], parts[2 * i + 1]];
    return a.map((value, j) => value + b[j]);
  });
  return treeSum(pairs);
}

/** @param onSum is told of each sum before it is waited for */
export function meetingGroups(size: number, onSum: (rank: number) => void = () => {}) {
  const sums = new Meeting<Float32Array>(size, treeSum);
  const merged = new Meeting<Uint8Array>(
    size,
    (all) => all[0].map((_, i) => all.reduce((bits, bytes) => bits | bytes[i], 0)),
  );
  return Array.from({ length: size }, (_, rank): ProcessGroup => ({
    rank,
    size,
    async sum(block: SummedBlock) {
      onSum(rank);
      const total = await sums.bring(rank, Float32Array.from(block.numbers()));
      block.numbers().set(total);
    },
    async merge(bytes) {
      bytes.set(await merged.bring(rank, bytes.slice()));
    },
  }));
}
