/** Lines that are alike as one: their mean, and a band of one sample standard deviation on both sides of it. */

import type { Line } from "./lines.ts";

/**
 * Takes the points of the lines in their order: the first of all, the second of all. Where some lines have ended, the mean is of
 * those that continue; the band of a single one has no width.
 *
 * @param lines at least one
 * @param label of the line that is made, which looks like the first one
 */
export function meanLine(lines: readonly Line[], label: string): Line {
  const length = Math.max(...lines.map(({ xs }) => xs.length));
  const [xs, ys, low, high] = Array.from({ length: 4 }, () => new Float64Array(length));
  for (let i = 0; i < length; i++) {
    const there = lines.filter((line) => i < line.xs.length);
    const values = there.map((line) => line.ys[i]).filter(Number.isFinite);
    xs[i] = mean(there.map((line) => line.xs[i]));
    ys[i] = values.length === 0 ? NaN : mean(values);
    const spread = deviation(values, ys[i]);
    low[i] = ys[i] - spread;
    high[i] = ys[i] + spread;
  }
  return { ...lines[0], label, xs, ys, band: { low, high } };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[], about: number): number {
  if (values.length < 2) return 0;
  const squares = values.reduce((sum, value) => sum + (value - about) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
