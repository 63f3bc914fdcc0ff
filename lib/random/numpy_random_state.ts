/**
 * NumPy's legacy generator, `numpy.random.RandomState`: the same seed gives the same numbers in the
 * same order, so that a run of Weft draws the weights, the split and the batches of the NumPy run
 * it is compared with. NumPy has frozen these algorithms.
 */

import { WeftError } from "../errors.ts";
import { Mt19937, type Mt19937State } from "./mt19937.ts";

/** The generator at one moment, as plain data that JSON carries without loss. */
export interface NumpyRandomStateData extends Mt19937State {
  /** The second value of the last pair of normals, where it has not been handed out yet. */
  readonly spareNormal: number | null;
}

/** Random numbers as `numpy.random.RandomState(seed)` draws them. */
export class NumpyRandomState {
  #words: Mt19937;
  #spareNormal: number | null = null;

  /**
   * @param seed a whole number from 0 to 2^32 - 1
   * @throws {UsageError} where it is not one
   */
  constructor(seed: number) {
    this.#words = new Mt19937(seed);
  }

  /**
   * A generator that continues where `state` was taken.
   *
   * @throws {WeftError} where `state` is not one of this generator
   */
  static fromState(state: NumpyRandomStateData): NumpyRandomState {
    const { spareNormal } = state;
    if (spareNormal !== null && !Number.isFinite(spareNormal)) {
      throw new WeftError(
        `Cannot restore the random numbers: the spare normal is ${spareNormal}, not a number; ` +
          "start the run anew",
      );
    }
    const generator = new NumpyRandomState(0);
    generator.#words = Mt19937.fromState(state);
    generator.#spareNormal = spareNormal;
    return generator;
  }

  /** The state now; what is drawn later does not change it. */
  state(): NumpyRandomStateData {
    return { ...this.#words.state(), spareNormal: this.#spareNormal };
  }

  /** `random_sample()`: uniform on [0, 1), a multiple of 2^-53. */
  randomSample(): number {
    const high = this.#words.nextUint32() >>> 5; // 27 bits
    const low = this.#words.nextUint32() >>> 6; // 26 bits
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /**
   * `normal()`: mean 0, standard deviation 1. Marsaglia's polar method makes two values at a time
   * and keeps the first for the next call. One value in thousands differs from NumPy's by a unit or
   * two in its last place, since NumPy takes the logarithm of the C library.
   */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    let x: number, y: number, squared: number;
    do {
      x = 2 * this.randomSample() - 1;
      y = 2 * this.randomSample() - 1;
      squared = x * x + y * y;
    } while (squared >= 1 || squared === 0);
    const factor = Math.sqrt(-2 * Math.log(squared) / squared);
    this.#spareNormal = factor * x;
    return factor * y;
  }

  /**
   * Fills `out` with `normal()`, from its first element to its last; a Float32Array gets each value
   * rounded once.
   */
  fillNormal(out: Float64Array | Float32Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.normal();
  }

  /** `permutation(n)`: the numbers 0 to n - 1 in random order. */
  permutation(n: number): Uint32Array<ArrayBuffer> {
    const values = new Uint32Array(n);
    for (let i = 0; i < n; i++) values[i] = i;
    this.shuffle(values);
    return values;
  }

  /** `shuffle(values)`: random order in place, by Fisher and Yates from the top. */
  shuffle(values: Uint32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.#upTo(i);
      const value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  /**
   * Uniform on 0 to `max` inclusive, `max` at least 1: masks off the bits above it and rejects what
   * is still larger.
   */
  #upTo(max: number): number {
    const mask = 0xffffffff >>> Math.clz32(max);
    let value: number;
    do value = (this.#words.nextUint32() & mask) >>> 0; while (value > max);
    return value;
  }
}
