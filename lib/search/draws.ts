/** Draws trials from a space: the same seed gives the same trials in the same order, however many are asked for. */
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import { type Dimension, optionText, type OptionValue, type SearchSpace } from "./space.ts";

/** The options of a trial, by their names, in the order of the space. */
export type TrialOptions = Readonly<Record<string, OptionValue>>;

/** Draws trial after trial; no two are alike. */
export class TrialDraws {
  readonly #random: NumpyRandomState;
  readonly #drawn = new Set<string>();
  #size: number | null = null;

  /**
   * @param seed a whole number from 0 to 2^32 - 1
   * @throws {UsageError} where it is not one
   */
  constructor(readonly space: SearchSpace, seed: number) {
    this.#random = new NumpyRandomState(seed);
  }

  /** Different trials that there are; infinite where there are more than anybody draws. */
  get size(): number {
    return this.#size ??= this.space.map(valuesOf).reduce((product, count) => product * count, 1);
  }

  /** The next trial; null where all have been drawn. */
  next(): TrialOptions | null {
    // Counting takes longer than drawing: it waits until a trial does not come.
    for (let tries = 0; tries < PATIENCE || this.#drawn.size < this.size; tries++) {
      // One number an option, so that a trial that comes twice leaves those after it as they are.
      const options = Object.fromEntries(
        this.space.map((dimension) =>
          [dimension.option, valueAt(dimension, this.#random.randomSample())] as const
        ),
      );
      const key = JSON.stringify(Object.values(options).map(optionText));
      if (this.#drawn.has(key)) continue;
      this.#drawn.add(key);
      return options;
    }
    return null;
  }
}

/** Trials in a row that had been drawn before, after which it is worth knowing whether there are others. */
const PATIENCE = 100;

/** A range with more values has more than are ever drawn. */
const MANY_VALUES = 20_000;

/** The largest share that is drawn. */
const LAST_SHARE = 1 - 2 ** -53;

/** Values that are drawn a hundred times more seldom than the one before them are not counted, nor waited for. */
const SELDOM = 0.01;

/** How many different values an option may have, after rounding; infinite where there are very many. */
function valuesOf(dimension: Dimension): number {
  const { kind, values } = dimension;
  if (kind === "fixed" || kind === "choice") return values.length;
  if (kind === "integer") {
    const count = values[1] - values[0] + 1;
    return count > MANY_VALUES ? Infinity : count;
  }
  return countSteps((share) => valueAt(dimension, share) as number);
}

/** Different values of a function that does not fall, for shares from 0 up to `LAST_SHARE`. */
function countSteps(valueOf: (share: number) => number): number {
  const last = valueOf(LAST_SHARE);
  let [share, value, width] = [0, valueOf(0), 2 ** -53];
  for (let count = 1; count <= MANY_VALUES; count++) {
    if (value === last) return count;
    // The next value begins between `low` and `high`: found by steps that double, then by halves.
    let [low, high] = [share, Math.min(LAST_SHARE, share + width)];
    for (let step = width; valueOf(high) === value; step *= 2) {
      [low, high] = [high, Math.min(LAST_SHARE, high + step)];
    }
    while (high - low > SELDOM * width && high - low > 2 ** -53) {
      const middle = (low + high) / 2;
      if (valueOf(middle) === value) low = middle;
      else high = middle;
    }
    width = Math.max(high - share, 2 ** -53);
    [share, value] = [high, valueOf(high)];
  }
  return Infinity;
}

/**
 * The value of an option at a share of what it may be.
 *
 * @param share from 0 up to 1; 1 itself is taken for the last value
 */
export function valueAt(dimension: Dimension, share: number): OptionValue {
  const { kind, values } = dimension;
  if (kind === "fixed" || kind === "choice") {
    return values[Math.min(values.length - 1, Math.floor(share * values.length))];
  }
  const [least, greatest] = values;
  const [low, high] = values.map(Math.log);
  switch (kind) {
    case "uniform":
      return within(values, roundedTo(least + share * (greatest - least), greatest - least));
    case "log-uniform":
      return within(values, rounded(Math.exp(low + share * (high - low)), greatest / least));
    case "integer":
      return within(values, least + Math.floor(share * (greatest - least + 1)));
    case "log-integer":
      // Each whole number n has the logarithms from n to n + 1.
      return within(
        values,
        Math.floor(Math.exp(low + share * (Math.log(greatest + 1) - low))),
      );
  }
}

function within([least, greatest]: readonly [number, number], value: number): number {
  return Math.min(greatest, Math.max(least, value));
}

/** To a ten-thousandth of the range or finer, because somebody will type it again. */
function roundedTo(value: number, range: number): number {
  const decimals = 4 - Math.floor(Math.log10(range));
  return decimals < 0 ? Math.round(value) : Number(value.toFixed(Math.min(100, decimals)));
}

/** To four digits; to eight where the bounds share their first ones. */
function rounded(value: number, ratio: number): number {
  return Number(value.toPrecision(ratio > 1.1 ? 4 : 8));
}
