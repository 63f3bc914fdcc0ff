/** Batch normalization and its gradient. Glossary: B rows, mu mean, v variance, n a normalized value. */
import { agree, type Program, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { type Bound, SUBNORMAL, U } from "./tolerance.ts";
import { LENGTHS, normals } from "./values.ts";

const [MOMENTUM, EPSILON] = [0.1, 1e-5];
const HEIGHTS = [2, 3, 5, 37, 70];

interface Problem {
  readonly rows: number;
  readonly columns: number;
  readonly x: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  /** Means, then variances. */
  readonly running: ArrayLike<number>;
}

function drawn(rows: number, columns: number): Problem {
  // Means that are not zero.
  const shifts = normals(columns, 5, 2);
  return {
    rows,
    columns,
    x: normals(rows * columns, rows).map((value, i) => 1.5 * value + shifts[i % columns]),
    weight: normals(columns, 6),
    bias: normals(columns, 7),
    running: [...normals(columns, 8), ...normals(columns, 9).map(Math.abs)],
  };
}

function forward({ rows, columns, x, weight, bias, running }: Problem): Program {
  return (rig) => {
    const y = rig.output(rows, columns);
    const statistics = rig.output(2, columns);
    const kept = rig.matrix(2, columns, running);
    rig.backend.batchNormForward(
      y,
      statistics,
      kept,
      rig.matrix(rows, columns, x),
      rig.matrix(1, columns, weight),
      rig.matrix(1, columns, bias),
      MOMENTUM,
      EPSILON,
    );
    return [y, statistics, kept];
  };
}

/** Mean, variance and 1 / sqrt(v + epsilon) of a column, and the sum of its magnitudes. */
function momentsOf({ rows, columns, x }: Problem, j: number) {
  const column = Array.from({ length: rows }, (_, i) => x[i * columns + j]);
  const mean = column.reduce((a, b) => a + b) / rows;
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
  const magnitude = column.reduce((sum, value) => sum + Math.abs(value), 0) / rows;
  return { mean, variance, magnitude, inverse: 1 / Math.sqrt(variance + EPSILON) };
}

/**
 * The mean is off by a sum of B terms, its share (two roundings) and the reference's own rounding: m. The variance, by those
 * of its sum, of the difference and its square (three roundings) and by m^2, because around the right mean differences add
 * up to zero. Of the inverse root half of that counts, and its own error: 2 units of the last place, 4 U, for WGSL's, and
 * the rounding of epsilon.
 */
function errorsOf(problem: Problem, j: number) {
  const { rows } = problem;
  const moments = momentsOf(problem, j);
  const ofMean = (rows + 5) * U * moments.magnitude;
  const ofVariance = (rows + 8) * U * moments.variance + ofMean ** 2;
  const ofInverse = ofVariance / (moments.variance + EPSILON) / 2 + 6 * U;
  return { ...moments, ofMean, ofVariance, ofInverse };
}

function forwardBounds(problem: Problem): [Bound, Bound, Bound] {
  const { rows, columns, x, weight, bias, running } = problem;
  const errors = Array.from({ length: columns }, (_, j) => errorsOf(problem, j));
  return [
    (y, i) => {
      const j = i % columns;
      const { mean, inverse, ofMean, ofInverse } = errors[j];
      const n = Math.abs(x[i] - mean) * inverse;
      // The difference, the factor and the product are rounded, the sum and the reference's result.
      const scaled = Math.abs(weight[j]) * (ofMean * inverse + n * (ofInverse + 4 * U));
      return scaled + 2 * U * (Math.abs(y) + Math.abs(bias[j]));
    },
    (value, i) => {
      const { ofMean, ofInverse } = errors[i % columns];
      return i < columns ? ofMean : (ofInverse + U) * value;
    },
    (value, i) => {
      const { ofMean, ofVariance, variance, mean } = errors[i % columns];
      const old = Math.abs(running[i]);
      const met = i < columns ? Math.abs(mean) : variance * rows / (rows - 1);
      const error = i < columns ? ofMean : ofVariance * rows / (rows - 1);
      // Of the momentum, the correction and its product, and the difference: 6; of the sum and of the reference's: 2.
      return MOMENTUM * (error + 6 * U * (met + old)) + 2 * U * (Math.abs(value) + old);
    },
  ];
}

function backward(
  { rows, columns, x, weight }: Problem,
  dy: ArrayLike<number>,
  statistics: ArrayLike<number>,
): Program {
  return (rig) => {
    const [dx, inPlace] = [rig.output(rows, columns), rig.matrix(rows, columns, dy)];
    const gradients = [0, 1, 2, 3].map(() => rig.output(1, columns));
    const inputs = [
      rig.matrix(rows, columns, x),
      rig.matrix(2, columns, statistics),
      rig.matrix(1, columns, weight),
    ] as const;
    const [dweight, dbias, dweightAgain, dbiasAgain] = gradients;
    const given = rig.matrix(rows, columns, dy);
    rig.backend.batchNormBackward(dx, dweight, dbias, given, ...inputs);
    rig.backend.batchNormBackward(inPlace, dweightAgain, dbiasAgain, inPlace, ...inputs);
    return [dx, inPlace, dweight, dweightAgain, dbias, dbiasAgain];
  };
}

function backwardBounds(
  { rows, columns, x, weight }: Problem,
  dy: ArrayLike<number>,
  statistics: ArrayLike<number>,
): Bound[] {
  const sums = Array.from({ length: columns }, (_, j) => {
    const at = Array.from({ length: rows }, (_, i) => i * columns + j);
    const n = at.map((i) => Math.abs(x[i] - statistics[j]) * statistics[columns + j]);
    const plain = at.reduce((sum, i) => sum + Math.abs(dy[i]), 0);
    return { n, plain, scaled: at.reduce((sum, i, row) => sum + Math.abs(dy[i]) * n[row], 0) };
  });
  const ofWeight: Bound = (_, j) => (rows + 5) * U * sums[j].scaled;
  const ofBias: Bound = (_, j) => (rows + 2) * U * sums[j].plain;
  const ofX: Bound = (_, i) => {
    const j = i % columns;
    const n = sums[j].n[Math.floor(i / columns)];
    const [first, second] = [sums[j].plain / rows, n * sums[j].scaled / rows];
    // Each part with the error of its sum, of its share (2) and of n (2) and its product; then two differences, the factor,
    // the product and the reference's result.
    const parts = (rows + 4) * U * first + (rows + 10) * U * second;
    const all = Math.abs(dy[i]) + first + second;
    return Math.abs(weight[j] * statistics[columns + j]) * (parts + 6 * U * all) + SUBNORMAL;
  };
  return [ofX, ofX, ofWeight, ofWeight, ofBias, ofBias];
}

export const batchNormCases: Cases = {
  "batch normalization is as by hand": async (backend) => {
    // Means 2 and 0, variances 1 and 4; unbiased, of two rows, twice that.
    const problem = {
      rows: 2,
      columns: 2,
      x: [1, -2, 3, 2],
      weight: [2, -1],
      bias: [10, 0.5],
      running: [0, 1, 1, 3],
    };
    const [first, second] = [1 / Math.sqrt(1 + EPSILON), 1 / Math.sqrt(4 + EPSILON)];
    const y = [10 - 2 * first, 0.5 + 2 * second, 10 + 2 * first, 0.5 - 2 * second];
    const running = [0.2, 0.9, 0.9 + 0.2, 2.7 + 0.8];
    const expected = [y, [2, 0, first, second], running];
    await yields(backend, forward(problem), expected, ...forwardBounds(problem));

    // n: -1, -1, 1, 1 with an inverse of 1 and 0.5.
    const [dy, statistics] = [[4, 1, 2, 3], [2, 0, 1, 0.5]];
    const dx = [2 * (4 - 3 - 1), -0.5 * (1 - 2 + 1), 2 * (2 - 3 + 1), -0.5 * (3 - 2 - 1)];
    const [dweight, dbias] = [[-2, 2], [6, 4]];
    const results = [dx, dx, dweight, dweight, dbias, dbias];
    const bounds = backwardBounds(problem, dy, statistics);
    await yields(backend, backward(problem, dy, statistics), results, ...bounds);
  },

  "batch normalization takes any number of rows from 2 and of columns": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of HEIGHTS) {
        const problem = drawn(rows, columns);
        await agree(backend, forward(problem), ...forwardBounds(problem));
      }
    }
  },

  "the gradient of batch normalization takes any shape, also in place": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of HEIGHTS) {
        const problem = drawn(rows, columns);
        const dy = normals(rows * columns, 11);
        const moments = Array.from({ length: columns }, (_, j) => momentsOf(problem, j));
        const statistics = Float32Array.of(
          ...moments.map(({ mean }) => mean),
          ...moments.map(({ inverse }) => inverse),
        );
        const bounds = backwardBounds(problem, dy, statistics);
        await agree(backend, backward(problem, dy, statistics), ...bounds);
      }
    }
  },

  "a column of one value is normalized to its bias, and has no gradient": async (backend) => {
    const problem = { ...drawn(5, 3), x: new Float32Array(15).fill(-7.25) };
    await agree(backend, forward(problem), ...forwardBounds(problem));
    const dy = new Float32Array(15).fill(0.5);
    const statistics = [-7.25, -7.25, -7.25, 316, 316, 316];
    const bounds = backwardBounds(problem, dy, statistics);
    await agree(backend, backward(problem, dy, statistics), ...bounds);
  },

  "a value that is not a number shows in its column, and in no other": async (backend) => {
    const problem = drawn(5, 6);
    const x = Float32Array.from(problem.x);
    x[8] = NaN;
    await agree(backend, forward({ ...problem, x }), ...forwardBounds(problem));
  },
};
