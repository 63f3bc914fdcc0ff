/**
 * Thins a curve to what a screen can show. Each bucket, a pixel wide, keeps its first, lowest, highest and last point, so
 * that no spike is lost and lines between buckets run as they did, and one gap where it has any.
 */

/** A part of a curve; `xs` rises. A null y is a gap. */
export interface Points {
  readonly xs: number[];
  readonly ys: (number | null)[];
}

/**
 * @param xs Rising.
 * @param ys As many; what is not finite is a gap.
 * @param from Where the view begins and ends; a point beyond each edge is kept, so that lines reach the edges.
 * @param buckets At most how many stretches of the view are told apart.
 * @returns At most five points a bucket, and two more.
 */
export function downsample(
  xs: Float64Array,
  ys: Float64Array,
  from: number,
  to: number,
  buckets: number,
): Points {
  const first = Math.max(0, lowerBound(xs, from) - 1);
  const last = Math.min(xs.length - 1, lowerBound(xs, to));
  const points: Points = { xs: [], ys: [] };
  const keep = (i: number) => {
    points.xs.push(xs[i]);
    points.ys.push(Number.isFinite(ys[i]) ? ys[i] : null);
  };
  if (last - first < 4 * buckets) {
    for (let i = first; i <= last; i++) keep(i);
    return points;
  }
  const width = (to - from) / buckets;
  for (let start = first; start <= last;) {
    const bucket = Math.floor((xs[start] - from) / width);
    // Edges are rounded: a bucket may have a point of the next one, but never none.
    const edge = lowerBound(xs, from + (bucket + 1) * width, start + 1);
    const end = Math.min(Math.max(edge, start + 1), last + 1);
    for (const i of landmarks(ys, start, end)) keep(i);
    start = end;
  }
  return points;
}

/** The first, lowest, highest and last finite point and the first gap of `[start, end)`, in their order. */
function landmarks(ys: Float64Array, start: number, end: number): number[] {
  let first = -1;
  let last = -1;
  let lowest = -1;
  let highest = -1;
  let gap = -1;
  for (let i = start; i < end; i++) {
    const y = ys[i];
    if (!Number.isFinite(y)) {
      if (gap < 0) gap = i;
      continue;
    }
    if (first < 0) first = lowest = highest = i;
    else if (y < ys[lowest]) lowest = i;
    else if (y > ys[highest]) highest = i;
    last = i;
  }
  const found = [first, last, lowest, highest, gap].filter((i) => i >= 0);
  return [...new Set(found)].sort((a, b) => a - b);
}

/** The first index, at `low` or later, whose value is not below `value`; the length where there is none. */
export function lowerBound(xs: Float64Array, value: number, low = 0): number {
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (xs[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index whose value is nearest; -1 where there is none. */
export function nearest(xs: Float64Array, value: number): number {
  const next = lowerBound(xs, value);
  if (next === xs.length) return xs.length - 1;
  return next > 0 && value - xs[next - 1] < xs[next] - value ? next - 1 : next;
}
