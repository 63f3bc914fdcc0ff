/** For tests: files that are damaged in ways that files are, and what a reader may make of them. */

import assert from "node:assert/strict";
import { WeftError } from "../../lib/errors.ts";

/** Numbers that follow from a seed: mulberry32. */
function randomNumbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy with a few bytes changed, cut out, doubled or cut off. */
function mutated(bytes: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  let copy = bytes.slice();
  for (let i = Math.ceil(random() * 3); i > 0; i--) {
    const at = Math.floor(random() * copy.length);
    const length = Math.floor(random() * 8) + 1;
    const kind = random();
    if (kind < 0.5) copy[at] = Math.floor(random() * 256);
    else if (kind < 0.7) {
      copy = new Uint8Array([...copy.subarray(0, at), ...copy.subarray(at + length)]);
    } else if (kind < 0.9) {
      copy = new Uint8Array([...copy.subarray(0, at + length), ...copy.subarray(at)]);
    } else copy = copy.slice(0, at);
  }
  return copy;
}

/** Asserts that a reader reads each of `count` damaged copies of a file, or refuses it in one line. */
export async function assertNeverBreaks(
  bytes: Uint8Array,
  count: number,
  read: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>,
): Promise<void> {
  const random = randomNumbers(1);
  for (let i = 0; i < count; i++) {
    const damaged = mutated(bytes, random);
    try {
      await read(damaged);
    } catch (error) {
      const said = `copy ${i}: ${error instanceof Error ? error.stack : error}`;
      assert(error instanceof WeftError, said);
      assert.doesNotMatch(error.message, /\n/, said);
    }
  }
}
