/** The smoothing of curves. */

/**
 * The exponential moving average, freed of its start's bias: a point is the mean of those before it and itself, each
 * weighing `weight` times what the next one does. A gap stays a gap and does not count.
 *
 * @param values NaN is a gap.
 * @param weight From 0, which changes nothing, to below 1.
 * @returns As many numbers.
 */
export function exponentialMovingAverage(values: Float64Array, weight: number): Float64Array {
  const averages = new Float64Array(values.length);
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      averages[i] = NaN;
      continue;
    }
    sum = weight * sum + (1 - weight) * value;
    weights = weight * weights + (1 - weight);
    averages[i] = sum / weights;
  }
  return averages;
}
