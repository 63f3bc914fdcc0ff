/** Draws trials from a space: the same seed gives the same trials in the same order, however many are asked for. */
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import { type Dimension, optionText, type OptionValue, type SearchSpace } from "./space.ts";

/** The options of a trial, by their names, in the order of the space. */
export type TrialOptions = Readonly<Record<string, OptionValue>>;

/** Draws trial after trial; no two are alike. */
export class TrialDraws {
  readonly #random: NumpyRandomState;
  readonly #drawn = new Set<string>();
  /** Different trials that there are. */
  readonly size: number;

  /**
   * @param seed a whole number from 0 to 2^32 - 1
   * @throws {UsageError} where it is not one
   */
  constructor(readonly space: SearchSpace, seed: number) {
    this.#random = new NumpyRandomState(seed);
    this.size = space.map(valuesOf).reduce((product, count) => product * count, 1);
  }

  /** The next trial; null where all have been drawn. */
  next(): TrialOptions | null {
    while (this.#drawn.size < this.size) {
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

/** How many different values an option may have; a range of real numbers has more than are ever drawn. */
function valuesOf({ kind, values }: Dimension): number {
  if (kind === "fixed" || kind === "choice") return values.length;
  return kind === "integer" || kind === "log-integer" ? values[1] - values[0] + 1 : Infinity;
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
