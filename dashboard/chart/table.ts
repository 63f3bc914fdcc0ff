/** A chart's numbers as a table: for the CSV file, and for those who do not see the chart. */

import { lowerBound } from "./downsampling.ts";
import { type Line, type Span, spanOf } from "./lines.ts";

interface Table {
  /** The name of x, then of each line. */
  readonly head: readonly string[];
  /** x, then the value of each line; null for a gap, undefined where a line has no point. */
  readonly rows: readonly (number | null | undefined)[][];
}

/**
 * Every point of the lines, as it was logged.
 *
 * @param most So many rows are chosen evenly, first and last among them; without it, all.
 */
export function tableOf(
  xLabel: string,
  lines: readonly Line[],
  view: Span = spanOf(lines),
  most = Infinity,
): Table {
  const all = new Set<number>();
  for (const { xs } of lines) {
    for (let i = lowerBound(xs, view.from); i < xs.length && xs[i] <= view.to; i++) all.add(xs[i]);
  }
  const xs = chosen(Float64Array.from(all).sort(), most);
  const rows = Array.from(xs, (x) => [x, ...lines.map((line) => exactly(line, x))]);
  return { head: [xLabel, ...lines.map(({ label }) => label)], rows };
}

function chosen(xs: Float64Array, most: number): Float64Array {
  if (xs.length <= most) return xs;
  const stride = (xs.length - 1) / (most - 1);
  return Float64Array.from({ length: most }, (_, i) => xs[Math.round(i * stride)]);
}

function exactly({ xs, ys }: Line, x: number): number | null | undefined {
  const i = lowerBound(xs, x);
  if (xs[i] !== x) return undefined;
  return Number.isFinite(ys[i]) ? ys[i] : null;
}
