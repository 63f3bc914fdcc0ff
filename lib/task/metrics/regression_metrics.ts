/**
 * How far numbers are from their targets.
 *
 * Glossary: N rows of T targets each.
 */

export interface RegressionMetrics {
  /** Roots of mean squared errors, and mean absolute errors, in the targets' unit: means over the targets. */
  readonly rmse: number;
  readonly mae: number;
  /** 1 - squared error / squared distance from the mean, the mean over the targets that are not all one value; null without. */
  readonly r2: number | null;
}

/** @param predicted and `targets`: of row i and target j at i T + j */
export function regressionMetrics(
  predicted: Float64Array,
  targets: Float64Array,
  columns: number,
): RegressionMetrics {
  const rows = predicted.length / columns;
  let [rmse, mae] = [0, 0];
  const scores: number[] = [];
  for (let j = 0; j < columns; j++) {
    let [sum, squares, distances] = [0, 0, 0];
    for (let i = j; i < targets.length; i += columns) sum += targets[i];
    const mean = sum / rows;
    let spread = 0;
    for (let i = j; i < targets.length; i += columns) {
      const error = predicted[i] - targets[i];
      squares += error * error;
      distances += Math.abs(error);
      spread += (targets[i] - mean) ** 2;
    }
    rmse += Math.sqrt(squares / rows) / columns;
    mae += distances / rows / columns;
    if (spread > 0) scores.push(1 - squares / spread);
  }
  const r2 = scores.length === 0 ? null : scores.reduce((a, b) => a + b) / scores.length;
  return { rmse, mae, r2 };
}
