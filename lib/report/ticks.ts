/** Where the ticks of an axis of epochs stand. */

/**
 * Epochs to label: the first, round numbers, and the last.
 *
 * @param first A whole number.
 * @param last A whole number, `first` or more.
 * @param most How many ticks there is room for, 3 or more.
 * @returns Rising whole numbers.
 */
export function epochTicks(first: number, last: number, most: number): number[] {
  if (first === last) return [first];
  const step = roundStep((last - first) / (most - 1));
  const ticks = [first];
  for (let tick = Math.ceil((first + 1) / step) * step; tick < last; tick += step) {
    const clearOfEnds = tick - first >= step / 2 && last - tick >= step / 2;
    if (clearOfEnds) ticks.push(tick);
  }
  return [...ticks, last];
}

/** The smallest of 1, 2, 5, 10, 20, 50, ... that is `least` or more. */
function roundStep(least: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return [1, 2, 5].map((digit) => digit * power).find((step) => step >= least) ?? 10 * power;
}
