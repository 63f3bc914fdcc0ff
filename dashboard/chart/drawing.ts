/** What is drawn of lines in a view: smoothed, thinned, brought onto one x axis, with the range of y that shows it. */

import { downsample, lowerBound, type Points } from "./downsampling.ts";
import type { Line, Span } from "./lines.ts";
import { exponentialMovingAverage } from "./smoothing.ts";

/** Y values over shared x: null is a gap, undefined only says that a line has no point at this x. */
interface Drawing {
  readonly xs: number[];
  readonly columns: (number | null | undefined)[][];
  readonly range: Span;
}

/** A line as it is, and as it is smoothed. */
export interface PreparedLine {
  readonly xs: Float64Array;
  readonly raw: Float64Array;
  /** Null where nothing is smoothed. */
  readonly smooth: Float64Array | null;
  /** The edges of its band, smoothed as it is: above, below. */
  readonly edges: readonly Float64Array[];
}

/** @param smoothing The weight of the moving average; 0 for none. */
export function prepare(lines: readonly Line[], smoothing: number): PreparedLine[] {
  const smooth = (ys: Float64Array) =>
    smoothing > 0 ? exponentialMovingAverage(ys, smoothing) : null;
  return lines.map(({ xs, ys, band }) => ({
    xs,
    raw: ys,
    smooth: smooth(ys),
    edges: band ? [band.high, band.low].map((edge) => smooth(edge) ?? edge) : [],
  }));
}

/**
 * @param buckets How many pixels the view is wide.
 * @param log Whether y is logarithmic: what is not above zero is a gap then.
 * @param clips Whether the range leaves out what is far from the others.
 * @returns Columns: of each line the raw curve, after it the smoothed one where there is one, and the edges of its band.
 */
export function draw(
  lines: readonly PreparedLine[],
  view: Span,
  buckets: number,
  log: boolean,
  clips = false,
): Drawing {
  const curves = lines.flatMap(({ xs, raw, smooth, edges }) =>
    [raw, ...(smooth ? [smooth] : []), ...edges].map((ys) => [xs, ys])
  )
    .map(([xs, ys]) => downsample(xs, ys, view.from, view.to, buckets));
  if (log) {
    for (const { ys } of curves) ys.forEach((y, i) => y !== null && y <= 0 && (ys[i] = null));
  }
  return { ...join(curves), range: rangeOf(curves, view, log, clips) };
}

/** Curves over the union of their x. */
export function join(curves: readonly Points[]): { xs: number[]; columns: Drawing["columns"] } {
  const xs = Float64Array.from(new Set(curves.flatMap((curve) => curve.xs))).sort();
  const columns = curves.map((curve) => {
    const column = new Array<number | null | undefined>(xs.length).fill(undefined);
    curve.xs.forEach((x, i) => column[lowerBound(xs, x)] = curve.ys[i]);
    return column;
  });
  return { xs: [...xs], columns };
}

/** Of values that are clipped so many are left out at each end, as a part of them. */
const CLIPPED = 0.05;

/** A little more than what the view shows; a range that can be drawn where it shows nothing. */
function rangeOf(curves: readonly Points[], view: Span, log: boolean, clips: boolean): Span {
  let lowest = Infinity;
  let highest = -Infinity;
  const seen: number[] = [];
  for (const { xs, ys } of curves) {
    ys.forEach((y, i) => {
      if (y === null || xs[i] < view.from || xs[i] > view.to) return;
      lowest = Math.min(lowest, y);
      highest = Math.max(highest, y);
      if (clips) seen.push(y);
    });
  }
  if (clips && seen.length > 0) {
    seen.sort((a, b) => a - b);
    // At least one at each end, so that the first epoch of a short run need not decide.
    const left = Math.min(Math.ceil(CLIPPED * seen.length), (seen.length - 1) >> 1);
    [lowest, highest] = [seen[left], seen[seen.length - 1 - left]];
  }
  if (lowest > highest) return log ? { from: 0.1, to: 10 } : { from: 0, to: 1 };
  if (log) {
    const margin = Math.max((highest / lowest) ** 0.05, 1.02);
    return { from: lowest / margin, to: highest * margin };
  }
  const margin = (highest - lowest) * 0.05 || Math.abs(highest) * 0.05 || 0.5;
  return { from: lowest - margin, to: highest + margin };
}
