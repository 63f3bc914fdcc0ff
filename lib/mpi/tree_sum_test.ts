import assert from "node:assert/strict";
import fc from "fast-check";
import { createBackend } from "../backends/mod.ts";
import type { Backend } from "../backend/mod.ts";
import type { SummedBlock } from "../train/process_group.ts";
import { roundsOf, TreeSum } from "./tree_sum.ts";

/** A block on the reference back end. */
function blockOf(backend: Backend, values: Float32Array): SummedBlock {
  const [block, received] = [0, 1].map(() => backend.allocate(1, values.length));
  backend.write(block, values);
  backend.write(received, values.map(() => NaN));
  return {
    length: values.length,
    numbers: () => backend.numbersOf!(block),
    part: (first, count) => backend.part!(block, first, 1, count),
    received: () => backend.numbersOf!(received),
    receivedPart: (first, count) => backend.part!(received, first, 1, count),
    add: (y, a, b) => backend.add(y, a, b, 1),
  };
}

type Posted = Map<string, Float32Array>;

/**
 * The sums of all processes, which take turns: each runs until it needs what another has not sent yet, and then again from its
 * beginning.
 */
async function sumsOf(parts: readonly Float32Array[]): Promise<Float32Array[]> {
  using backend = await createBackend({ backend: "reference" });
  const posted: Posted = new Map();
  class Waits extends Error {}
  const run = (rank: number): Float32Array => {
    const block = blockOf(backend, parts[rank]);
    let message = 0;
    new TreeSum(block, rank, parts.length).run((partner, send, receive) => {
      const key = (from: number, to: number) => `${from} ${to} ${message}`;
      if (!posted.has(key(rank, partner))) posted.set(key(rank, partner), send.slice());
      const theirs = posted.get(key(partner, rank));
      if (!theirs) throw new Waits();
      assert.equal(theirs.length, receive.length);
      receive.set(theirs);
      message++;
    });
    return block.numbers().slice() as Float32Array;
  };
  const results: Float32Array[] = [];
  while (Object.keys(results).length < parts.length) {
    for (let rank = 0; rank < parts.length; rank++) {
      try {
        results[rank] ??= run(rank);
      } catch (error) {
        if (!(error instanceof Waits)) throw error;
      }
    }
  }
  return results;
}

function treeSum(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0];
  const half = parts.length / 2;
  const [a, b] = [treeSum(parts.slice(0, half)), treeSum(parts.slice(half))];
  return a.map((value, i) => value + b[i]);
}

Deno.test("all processes have the sum along the tree, to the bit, whatever its length", async () => {
  const sizes = fc.constantFrom(1, 2, 4, 8);
  // Around the length from which blocks are halved.
  const lengths = fc.constantFrom(1, 15, 16, 100, 4096, 4097, 4100, 5000);
  await fc.assert(
    fc.asyncProperty(sizes, lengths, fc.integer(), async (size, length, seed) => {
      const parts = Array.from(
        { length: size },
        (_, rank) =>
          Float32Array.from(
            { length },
            (_, i) => Math.sin(seed + 1.7 * i + rank * 100) * 10 ** (i % 7),
          ),
      );
      const expected = treeSum(parts);
      for (const sum of await sumsOf(parts)) assert.deepEqual(sum, expected);
    }),
    { numRuns: 40 },
  );
});

Deno.test("the parts that processes keep cover the block, and none twice", () => {
  for (const size of [2, 4, 8, 16]) {
    for (const length of [4097, 10_000, 79_510]) {
      const kept = Array.from(
        { length: size },
        (_, rank) => roundsOf(rank, size, length).at(-1)!.kept,
      )
        .toSorted((a, b) => a.first - b.first);
      let next = 0;
      for (const { first, count } of kept) {
        assert.equal(first, next);
        next = first + count;
      }
      assert.equal(next, length);
    }
  }
});
