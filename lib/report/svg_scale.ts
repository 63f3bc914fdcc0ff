/** Axes of plots as numbers: where a value stands, and which values are labeled. */

/** One axis, from its low to its high end. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  /** Where a value stands: 0 at the low end, 1 at the high end. */
  at(value: number): number;
  /** Values to label, rising, from end to end. */
  readonly ticks: readonly number[];
}

/** About how many ticks an axis has room for. */
const TICKS = 6;

/**
 * A linear axis around the values, from round number to round number.
 *
 * @param values finite; none gives an axis from 0 to 1
 */
export function linearScale(values: readonly number[]): Scale {
  let [low, high] = rangeOf(values) ?? [0, 1];
  // Closer together than a float64 can be labeled.
  if (high - low <= Math.abs(high) * 1e-9) {
    [low, high] = low === 0 ? [0, 1] : [low - Math.abs(low) / 2, low + Math.abs(low) / 2];
  }
  const step = roundStep((high - low) / TICKS);
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  // Multiplied, not added up, and rounded to the step's digits: 0.1 + 0.2 would be labeled.
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const ticks = Array.from(
    { length: last - first + 1 },
    (_, i) => digits > 100 ? (first + i) * step : Number(((first + i) * step).toFixed(digits)),
  );
  return fixedScale(ticks[0], ticks[ticks.length - 1], ticks);
}

/** A linear axis with these ends and ticks. */
export function fixedScale(low: number, high: number, ticks: readonly number[]): Scale {
  return { low, high, ticks, at: (value) => (value - low) / (high - low) };
}

/**
 * A logarithmic axis with these ends, above 0.
 *
 * @param ticks those to label; powers of ten, or 1, 2 and 5 times them where the axis is short, if not given
 */
export function logScale(low: number, high: number, ticks = logTicks(low, high)): Scale {
  const span = Math.log(high / low) || 1;
  return { low, high, ticks, at: (value) => Math.log(value / low) / span };
}

/** A logarithmic axis around the values, which are above 0, from tick to tick. */
export function logScaleAround(values: readonly number[]): Scale {
  const [low, high] = rangeOf(values) ?? [1, 10];
  const steps = logSteps(Math.log10(high / low));
  // One more on either side, for logarithms are rounded.
  const powers = [Math.floor(Math.log10(low)) - 1, Math.ceil(Math.log10(high)) + 1];
  const candidates = ticksOfPowers(powers[0], powers[1], steps);
  const from = candidates.findLast((tick) => tick <= low) ?? low;
  const to = candidates.find((tick) => tick >= high && tick > from) ?? high;
  return logScale(from, to);
}

function logTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const ticks = ticksOfPowers(first, last, logSteps(Math.log10(high / low)));
  // Ends that are powers of ten may miss them by a rounding.
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

/** What powers of ten are multiplied by, for so many of them. */
function logSteps(decades: number): readonly number[] {
  return decades > 2.5 ? [1] : decades > 1 ? [1, 3] : [1, 2, 3, 5, 7];
}

function ticksOfPowers(first: number, last: number, steps: readonly number[]): number[] {
  // Read from text, for 10 ** -3 is not 0.001.
  return Array.from(
    { length: last - first + 1 },
    (_, i) => steps.map((step) => Number(`${step}e${first + i}`)),
  ).flat();
}

/** The smallest of 1, 2 and 5 times a power of ten that is `least` or more. */
function roundStep(least: number): number {
  const power = Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((digit) => Number(`${digit}e${power}`)).find((step) => step >= least)!;
}

function rangeOf(values: readonly number[]): [low: number, high: number] | null {
  if (values.length === 0) return null;
  // Not Math.min(...values): arguments have a limit, epochs have not.
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [
    Infinity,
    -Infinity,
  ]);
}
