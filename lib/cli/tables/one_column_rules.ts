/** How many rows a rule on one column gets right: the class that most rows of a value, or of an interval, have. */

/** Intervals for each class, beyond which a rule would only repeat the rows. */
const INTERVALS = 2;
const MOST_INTERVALS = 16;

/** @param most distinct values; with more, the rule says nothing */
export function mostlyByValue(
  values: readonly (string | null)[],
  classes: Uint8Array,
  most: number,
): number {
  const counts = new Map<string | null, Map<number, number>>();
  values.forEach((value, i) => {
    let ofValue = counts.get(value);
    if (!ofValue) counts.set(value, ofValue = new Map());
    ofValue.set(classes[i], (ofValue.get(classes[i]) ?? 0) + 1);
  });
  if (counts.size > most) return 0;
  return [...counts.values()].reduce((sum, ofValue) => sum + Math.max(...ofValue.values()), 0);
}

/** The same of the intervals that a small decision tree makes; holes are one of their own. */
export function mostlyByIntervals(values: readonly number[], classes: Uint8Array): number {
  const order = Array.from(values, (_, i) => i).filter((i) => !Number.isNaN(values[i]))
    .sort((a, b) => values[a] - values[b]);
  const sorted = Float64Array.from(order, (i) => values[i]);
  const labels = Uint8Array.from(order, (i) => classes[i]);
  const holes = classes.filter((_, i) => Number.isNaN(values[i]));
  const most = Math.min(MOST_INTERVALS, INTERVALS * new Set(classes).size);
  const intervals = [{ from: 0, to: labels.length }];
  while (intervals.length < most) {
    const splits = intervals.map(({ from, to }) => bestSplit(sorted, labels, from, to));
    const gains = splits.map((split) => split?.gain ?? 0);
    const best = gains.indexOf(Math.max(...gains));
    const split = splits[best];
    if (!split || split.gain <= 0) break;
    const { from, to } = intervals[best];
    intervals.splice(best, 1, { from, to: split.at }, { from: split.at, to });
  }
  const right = intervals.map(({ from, to }) => Math.max(...countsOf(labels, from, to)));
  return right.reduce((sum, rows) => sum + rows, Math.max(...countsOf(holes, 0, holes.length)));
}

function countsOf(labels: Uint8Array, from: number, to: number): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = from; i < to; i++) counts[labels[i]]++;
  return counts;
}

/** The split that takes most of the entropy away; null where all values are equal. */
function bestSplit(sorted: Float64Array, labels: Uint8Array, from: number, to: number) {
  const right = countsOf(labels, from, to);
  const left = new Uint32Array(256);
  const used = [...right.keys()].filter((label) => right[label] > 0);
  const whole = entropy(right, used, to - from);
  let best: { readonly at: number; readonly gain: number } | null = null;
  for (let at = from + 1; at < to; at++) {
    left[labels[at - 1]]++;
    right[labels[at - 1]]--;
    if (sorted[at] === sorted[at - 1]) continue;
    const gain = whole - entropy(left, used, at - from) - entropy(right, used, to - at);
    if (!best || gain > best.gain) best = { at, gain };
  }
  return best;
}

/** Times the rows. */
function entropy(counts: Uint32Array, used: readonly number[], rows: number): number {
  let sum = 0;
  for (const label of used) {
    const count = counts[label];
    if (count > 0) sum -= count * Math.log(count / rows);
  }
  return sum;
}
