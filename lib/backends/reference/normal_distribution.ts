/** The standard normal distribution in float64, which JavaScript has no function for. */

/** From here on the continued fraction is used: 80 terms of it are exact to 1e-14, and of the series, 60. */
const FAR = 3;

/** phi(x) = e^(-x^2 / 2) / sqrt(2 pi). */
export function normalDensity(x: number): number {
  return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Phi(x), the probability of a value below x. Relative error at most 1e-13 for x that is a float32, far into the lower
 * tail.
 */
export function normalDistribution(x: number): number {
  if (x > FAR) return 1 - normalDistribution(-x);
  if (x < -FAR) {
    // Laplace's continued fraction: phi(t) / (t + 1 / (t + 2 / (t + 3 / ...))).
    let fraction = 0;
    for (let k = 80; k >= 1; k--) fraction = k / (fraction - x);
    return x === -Infinity ? 0 : normalDensity(x) / (fraction - x);
  }
  // 1/2 + phi(x) (x + x^3 / 3 + x^5 / (3 5) + ...).
  let [term, sum] = [x, x];
  for (let k = 3; k < 123; k += 2) sum += term *= x * x / k;
  return 0.5 + normalDensity(x) * sum;
}
