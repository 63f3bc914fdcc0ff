/** Losses of targets that are yes or no, or numbers. Glossary: B rows, O columns (outputs). */
import { DISTANCES } from "../../lib/backend/distances.ts";
import { agree, type Program, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { type Bound, EXP, SUBNORMAL, U } from "./tolerance.ts";
import { LENGTHS, normals, wholeNumbers } from "./values.ts";

/** Relative error that the comment in assembly/math/log.ts promises. */
const LOG1P = 3e-7;

const SOURCES = 41;

interface Problem {
  readonly rows: number;
  readonly columns: number;
  readonly z: ArrayLike<number>;
  /** SOURCES x O. */
  readonly targets: ArrayLike<number>;
  readonly order: readonly number[];
  readonly rowWeights: ArrayLike<number> | null;
}

interface Binary extends Problem {
  readonly positive: ArrayLike<number>;
}

interface Numbers extends Problem {
  readonly delta: number;
}

/** The gradient and the losses, and both again in place. */
function program(problem: Binary | Numbers): Program {
  return (rig) => {
    const { backend } = rig;
    const { rows, columns, z, targets, order, rowWeights } = problem;
    const start = 2;
    const [losses, lossesInPlace] = [0, 1].map(() => rig.output(start + rows + 1, 1));
    const gradient = rig.output(rows, columns);
    const [logits, inPlace] = [0, 1].map(() => rig.matrix(rows, columns, z));
    const given = rig.order([0, 0, ...order]);
    const sources = targets.length / columns;
    const weights = rowWeights && rig.matrix(sources, 1, rowWeights);
    if ("positive" in problem) {
      const positive = rig.matrix(1, columns, problem.positive);
      const bytes = rig.bytes(sources, columns, targets);
      const rest = [bytes, given, start, positive, weights] as const;
      backend.sigmoidCrossEntropy(gradient, losses, logits, ...rest);
      backend.sigmoidCrossEntropy(inPlace, lossesInPlace, inPlace, ...rest);
    } else {
      const numbers = rig.matrix(sources, columns, targets);
      const distance = DISTANCES.indexOf(problem.delta > 0 ? "huber" : "squared");
      const rest = [numbers, given, start, distance, problem.delta, weights] as const;
      backend.distanceLoss(gradient, losses, logits, ...rest);
      backend.distanceLoss(inPlace, lossesInPlace, inPlace, ...rest);
    }
    return [gradient, losses, inPlace, lossesInPlace];
  };
}

/**
 * Every term of a loss is at least 0: a chain of its own operations, the sum of O of them and the mean. A gradient is a
 * sigmoid, off by the exponential and three roundings, times weights and a share; or a difference, whose one rounding is
 * relative to it.
 */
function boundsOf({ columns }: Pick<Problem, "columns">): Bound[] {
  const ofLoss: Bound = (loss) => (EXP + LOG1P + (columns + 8) * U) * Math.abs(loss) + SUBNORMAL;
  const ofGradient: Bound = (value) => (EXP + 9 * U) * Math.abs(value) + SUBNORMAL;
  return [ofGradient, ofLoss, ofGradient, ofLoss];
}

function* shapes(): Generator<Pick<Problem, "rows" | "columns" | "z" | "order" | "rowWeights">> {
  for (const columns of LENGTHS) {
    for (const rows of [1, 2, 5, 37]) {
      for (const weighted of [false, true]) {
        yield {
          rows,
          columns,
          z: normals(rows * columns, columns, 4),
          order: [...wholeNumbers(rows, rows, SOURCES)],
          rowWeights: weighted ? wholeNumbers(SOURCES, 3, 4).map((value) => value / 2) : null,
        };
      }
    }
  }
}

/** One row of two outputs from the only source. */
const ONE = { rows: 1, columns: 2, order: [0], rowWeights: null };

export const lossCases: Cases = {
  "the cross-entropy of yes and no is as by hand, with weights": async (backend) => {
    const problem = {
      rows: 2,
      columns: 2,
      z: [0, Math.log(3), Math.log(3), 0],
      targets: [1, 0, 0, 1, 1, 1],
      order: [2, 0],
      positive: [1, 3],
      rowWeights: [0.5, 7, 2],
    };
    // Sigmoids are 1/2, 3/4; 3/4, 1/2, and the targets 1, 1; 1, 0.
    const losses = [
      NaN,
      NaN,
      2 * (Math.log(2) + 3 * Math.log(4 / 3)) / 2,
      0.5 * (Math.log(4 / 3) + Math.log(2)) / 2,
      NaN,
    ];
    const gradient = [2 * -0.5, 2 * -0.75, 0.5 * -0.25, 0.5 * 0.5].map((value) => value / 4);
    const expected = [gradient, losses, gradient, losses];
    // Logarithms of 3 are rounded to float32 on the way in.
    const bounds = boundsOf(problem).map((bound): Bound => (value, i) => bound(value, i) + 4 * U);
    await yields(backend, program(problem), expected, ...bounds);
  },

  "the cross-entropy of yes and no takes any shape, also in place, and rows of any weight": async (
    backend,
  ) => {
    for (const shape of shapes()) {
      const { columns } = shape;
      const positive = normals(columns, 3).map((value) => 0.1 + Math.abs(value));
      const targets = wholeNumbers(SOURCES * columns, columns, 2);
      await agree(backend, program({ ...shape, targets, positive }), ...boundsOf(shape));
    }
  },

  "the cross-entropy of yes and no does not overflow, and carries what is no number": async (
    backend,
  ) => {
    const cases = [[1e4, -1e4], [-1e4, 1e4], [80, -80], [1e38, -1e38], [-1e-30, 1e-30], [0, -0]];
    for (const z of [...cases, [Infinity, -Infinity], [-Infinity, Infinity], [NaN, 1]]) {
      for (const targets of [[1, 0], [0, 1]]) {
        const problem = { ...ONE, z, targets, positive: [1, 1] };
        await agree(backend, program(problem), ...boundsOf(problem));
      }
    }
  },

  "the squared error is as by hand, and Huber's": async (backend) => {
    const problem = {
      rows: 2,
      columns: 2,
      z: [3, -1, 0.5, 8],
      targets: [0, 2, 1, 1],
      order: [1, 0],
      delta: 0,
      rowWeights: [3, 2],
    };
    // Differences are 2, -2; 0.5, 6.
    const squared = [NaN, NaN, 2 * 4, 3 * 36.25 / 2, NaN];
    const slopes = [4 * 2, -4 * 2, 1 * 3, 12 * 3].map((value) => value / 4);
    const huber = [NaN, NaN, 2 * 1.5, 3 * (0.125 + 5.5) / 2, NaN];
    const bounded = [1 * 2, -1 * 2, 0.5 * 3, 1 * 3].map((value) => value / 4);
    const bounds = boundsOf(problem);
    await yields(backend, program(problem), [slopes, squared, slopes, squared], ...bounds);
    const other = { ...problem, delta: 1 };
    await yields(backend, program(other), [bounded, huber, bounded, huber], ...bounds);
  },

  "the squared error takes any shape, also in place, and rows of any weight": async (backend) => {
    for (const shape of shapes()) {
      const targets = normals(SOURCES * shape.columns, shape.rows);
      for (const delta of [0, 0.5, 1e6]) {
        await agree(backend, program({ ...shape, targets, delta }), ...boundsOf(shape));
      }
    }
  },

  "the squared error carries infinities and what is no number": async (backend) => {
    for (const z of [[Infinity, 1], [-Infinity, 1], [NaN, 1], [1e30, 1]]) {
      for (const delta of [0, 1]) {
        const problem = { ...ONE, z, targets: [1, 2], delta };
        await agree(backend, program(problem), ...boundsOf(problem));
      }
    }
  },
};
