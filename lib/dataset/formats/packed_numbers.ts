/**
 * A column of numbers in as few bytes as hold them exactly. Cells of files are mostly decimal numbers of a few digits:
 * the whole number without the point, and how many digits follow it, give the same float64 back in 1, 2 or 4 bytes.
 */

import type { Numbers } from "../table.ts";

/** Numbers of a block; a block has one element type and one number of decimal places. */
const BLOCK = 16_384;

/** More places than these are not looked for: 10 ** 22 is the largest power that float64 holds exactly. */
const MOST_PLACES = 9;

const POWERS = Array.from({ length: MOST_PLACES + 1 }, (_, places) => 10 ** places);

/** The smallest value of each whole type stands for a hole. */
const TYPES = [
  { make: Int8Array, hole: -0x80 },
  { make: Int16Array, hole: -0x8000 },
  { make: Int32Array, hole: -0x80000000 },
] as const;

type Block =
  | {
    readonly values: Int8Array | Int16Array | Int32Array;
    readonly divisor: number;
    readonly hole: number;
  }
  | { readonly values: Float64Array; readonly divisor: 1; readonly hole: null };

/** Grows by `push`; reads back exactly what was pushed, NaN included. */
export class PackedNumbers implements Numbers {
  readonly #blocks: Block[] = [];
  #open = new Float64Array(BLOCK);
  #pending = 0;

  get length(): number {
    return this.#blocks.length * BLOCK + this.#pending;
  }

  /** @param value NaN for a hole */
  push(value: number): void {
    this.#open[this.#pending++] = value;
    if (this.#pending < BLOCK) return;
    this.#blocks.push(pack(this.#open));
    this.#pending = 0;
  }

  at(index: number): number | undefined {
    if (!(index >= 0 && index < this.length)) return undefined;
    const block = this.#blocks[Math.floor(index / BLOCK)];
    const within = index % BLOCK;
    if (block === undefined) return this.#open[within];
    const value = block.values[within];
    // Division is rounded correctly, so 123 / 100 is what "1.23" is read as.
    return value === block.hole ? NaN : value / block.divisor;
  }
}

function pack(values: Float64Array): Block {
  let [places, power, low, high] = [0, 1, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // Comparisons are false for NaN.
    if (value < low) low = value;
    else if (value > high) high = value;
    // Would come back as 0.
    else if (value === 0 && Object.is(value, -0)) return exactly(values);
    while (Math.round(value * power) / power !== value) {
      if (Number.isNaN(value)) break;
      if (++places > MOST_PLACES) return exactly(values);
      power = POWERS[places];
    }
  }
  const divisor = POWERS[places];
  // What is whole at fewer places is whole at these: in this range the products round to the same quotient.
  const type = TYPES.find(({ hole }) => low * divisor > hole && high * divisor < -hole);
  if (type === undefined) return exactly(values);
  const whole = new type.make(values.length);
  for (let i = 0; i < whole.length; i++) {
    const value = values[i];
    whole[i] = Number.isNaN(value) ? type.hole : Math.round(value * divisor);
  }
  return { values: whole, divisor, hole: type.hole };
}

function exactly(values: Float64Array): Block {
  return { values: values.slice(), divisor: 1, hole: null };
}
