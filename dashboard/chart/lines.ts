/** Lines of a chart, and what can be asked of them. */

import { lowerBound, nearest } from "./downsampling.ts";

export interface Line {
  /** Unique in its chart. */
  readonly label: string;
  /** From 0 to `COLORS - 1`. */
  readonly color: number;
  /** How the line is broken, in pixels; empty: it is not. */
  readonly dash: readonly number[];
  /** Rising. */
  readonly xs: Float64Array;
  /** As many; NaN is a gap. */
  readonly ys: Float64Array;
  /** Of a mean: as many values below and above it. */
  readonly band?: { readonly low: Float64Array; readonly high: Float64Array };
  /** The x of a point that is marked, as that of the best epoch. */
  readonly mark?: number | null;
}

/** A part of the x axis. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** From the lowest x to the highest; 0 to 1 where there is none. Never empty. */
export function spanOf(lines: readonly Line[]): Span {
  const filled = lines.filter(({ xs }) => xs.length > 0);
  if (filled.length === 0) return { from: 0, to: 1 };
  const from = Math.min(...filled.map(({ xs }) => xs[0]));
  const to = Math.max(...filled.map(({ xs }) => xs[xs.length - 1]));
  return from < to ? { from, to } : { from: from - 0.5, to: to + 0.5 };
}

/** The x of a point of any line that is nearest; null where no line has a point. */
export function nearestX(lines: readonly Line[], x: number): number | null {
  let best: number | null = null;
  for (const { xs } of lines) {
    if (xs.length === 0) continue;
    const candidate = xs[nearest(xs, x)];
    if (best === null || Math.abs(candidate - x) < Math.abs(best - x)) best = candidate;
  }
  return best;
}

/** The next x after `x` (or before it) where any line has a point; `x` itself where there is none. */
export function neighborX(lines: readonly Line[], x: number, direction: 1 | -1): number {
  const candidates = lines.flatMap(({ xs }) => {
    let i = lowerBound(xs, x);
    if (direction === -1) i--;
    else if (xs[i] === x) i++;
    return i >= 0 && i < xs.length ? [xs[i]] : [];
  });
  if (candidates.length === 0) return x;
  return direction === 1 ? Math.min(...candidates) : Math.max(...candidates);
}

/** The value at the point nearest to `x`; at the last point without an `x`; null for a gap or outside of the line. */
export function valueAt({ xs, ys }: Line, x: number | null): number | null {
  if (xs.length === 0) return null;
  if (x !== null && (x < xs[0] || x > xs[xs.length - 1])) return null;
  const value = ys[x === null ? ys.length - 1 : nearest(xs, x)];
  return Number.isFinite(value) ? value : null;
}

/** The points whose x is finite and above all before it: a stranger's clock may stand still or go backwards. */
export function risingPoints(
  xs: Float64Array,
  ys: Float64Array,
): { xs: Float64Array; ys: Float64Array } {
  let last = -Infinity;
  let rising = true;
  for (let i = 0; i < xs.length && rising; i++) {
    rising = xs[i] > last && xs[i] < Infinity;
    last = xs[i];
  }
  if (rising) return { xs, ys };
  const kept: number[] = [];
  last = -Infinity;
  xs.forEach((x, i) => {
    if (!(x > last && x < Infinity)) return;
    kept.push(i);
    last = x;
  });
  return { xs: Float64Array.from(kept, (i) => xs[i]), ys: Float64Array.from(kept, (i) => ys[i]) };
}
