/**
 * The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), seeded with its authors'
 * `init_genrand`: the source of bits under NumPy's legacy generator.
 *
 * Glossary: key, the 624 words of state; position, how many of them are used up; twist, the step
 * that renews them all.
 */

import { UsageError, WeftError } from "../errors.ts";

const KEY_WORDS = 624;
/** Distance of the word that a twist mixes in. */
const SHIFT = 397;
const UPPER_BIT = 0x80000000;
const LOWER_BITS = 0x7fffffff;
const TWIST_MATRIX = 0x9908b0df;

/** The generator at one moment, as plain data that JSON carries without loss. */
export interface Mt19937State {
  /** 624 words, each from 0 to 2^32 - 1. */
  readonly key: readonly number[];
  /** From 0 to 624; at 624 the next number needs a twist. */
  readonly position: number;
}

/** A stream of 32-bit words with a period of 2^19937 - 1. */
export class Mt19937 {
  readonly #key = new Uint32Array(KEY_WORDS);
  #position = KEY_WORDS;

  /**
   * @param seed a whole number from 0 to 2^32 - 1
   * @throws {UsageError} where it is not one
   */
  constructor(seed: number) {
    if (!isWord(seed)) {
      throw new UsageError(
        `Cannot seed the random numbers with ${seed}: give a whole number from 0 to 4294967295`,
      );
    }
    let word = seed;
    this.#key[0] = word;
    for (let i = 1; i < KEY_WORDS; i++) {
      word = (Math.imul(word ^ (word >>> 30), 1812433253) + i) >>> 0;
      this.#key[i] = word;
    }
  }

  /**
   * A generator that continues where `state` was taken.
   *
   * @throws {WeftError} where `state` is not one of this generator
   */
  static fromState(state: Mt19937State): Mt19937 {
    const { key, position } = state;
    const isPosition = Number.isInteger(position) && position >= 0 && position <= KEY_WORDS;
    if (!isPosition || key.length !== KEY_WORDS || !key.every(isWord)) {
      throw new WeftError(
        "Cannot restore the random numbers: a state of MT19937 has 624 words of 32 bits and a " +
          `position from 0 to 624, this one has ${key.length} words and the position ${position}; ` +
          "start the run anew",
      );
    }
    const generator = new Mt19937(0);
    generator.#key.set(key);
    generator.#position = position;
    return generator;
  }

  /** The state now; what is drawn later does not change it. */
  state(): Mt19937State {
    return { key: Array.from(this.#key), position: this.#position };
  }

  /** The next word, from 0 to 2^32 - 1. */
  nextUint32(): number {
    if (this.#position === KEY_WORDS) this.#twist();
    let word = this.#key[this.#position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  #twist(): void {
    const key = this.#key;
    for (let i = 0; i < KEY_WORDS; i++) {
      const next = i + 1 < KEY_WORDS ? i + 1 : 0;
      const shifted = i + SHIFT < KEY_WORDS ? i + SHIFT : i + SHIFT - KEY_WORDS;
      const mixed = (key[i] & UPPER_BIT) | (key[next] & LOWER_BITS);
      // -(mixed & 1) is all ones for an odd word, zero for an even one: the matrix, branchless.
      key[i] = key[shifted] ^ (mixed >>> 1) ^ (-(mixed & 1) & TWIST_MATRIX);
    }
    this.#position = 0;
  }
}

function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}
