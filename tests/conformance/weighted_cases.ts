/** The cross-entropy with smoothed labels and weighted classes. Glossary: B rows, O columns (classes). */
import { agree, type Program, run, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import {
  type Bound,
  exact,
  EXP,
  LARGEST_LOSS,
  LOG,
  logitGradientBound,
  SUBNORMAL,
  sumBound,
  U,
} from "./tolerance.ts";
import { LENGTHS, normals, wholeNumbers } from "./values.ts";

/** Logits from N(0, 3^2) are at most this far apart in the cases below. */
const SPREAD = 30;

interface Problem {
  readonly rows: number;
  readonly columns: number;
  readonly z: ArrayLike<number>;
  readonly label: ArrayLike<number>;
  readonly smoothing: number;
  readonly weights: ArrayLike<number>;
}

/** The gradient, the losses, both again in place, and with the classes asked for before; the sum of weights. */
function crossEntropy({ rows, columns, z, label, smoothing, weights }: Problem): Program {
  return (rig) => {
    const { backend } = rig;
    const start = 2;
    const [losses, lossesInPlace, lossesWithClasses, classes] = [0, 1, 2, 3]
      .map(() => rig.output(start + rows + 1, 1));
    const [gradient, gradientWithClasses] = [0, 1].map(() => rig.output(rows, columns));
    const inPlace = rig.matrix(rows, columns, z);
    const labels = rig.bytes(rows, 1, Array.from(label).reverse());
    const order = rig.order([0, 0, ...Array.from(label, (_, i) => rows - 1 - i)]);
    const logits = rig.matrix(rows, columns, z);
    const weightSum = rig.output(1, 1);
    const classWeights = rig.matrix(1, columns, weights);
    const given = [labels, order, start, classWeights, weightSum, smoothing] as const;
    backend.sumClassWeights(weightSum, classWeights, labels, order, start, rows);
    backend.weightedCrossEntropy(gradient, losses, logits, ...given);
    backend.weightedCrossEntropy(inPlace, lossesInPlace, inPlace, ...given);
    backend.argmax(classes, logits, start);
    backend.weightedCrossEntropy(gradientWithClasses, lossesWithClasses, logits, ...given);
    return [
      gradient,
      losses,
      inPlace,
      lossesInPlace,
      gradientWithClasses,
      lossesWithClasses,
      classes,
      weightSum,
    ];
  };
}

/**
 * t is off by four roundings (of the smoothing, its complement and two products), its sum T by O more; T ln(sum) and what
 * is subtracted, a sum of O products of t, are both positive parts of the loss. As in lossBound, ln(sum) has the
 * error of the exponentials besides.
 */
function boundsOf({ rows, columns, label, weights }: Problem): Bound[] {
  const largest = Math.max(...Array.from(weights));
  const sum = Array.from(label).reduce((total, y) => total + weights[y], 0);
  const ofSum = sumBound(rows, [sum]);
  const ofLoss: Bound = (loss) =>
    largest * (EXP + 2 * columns * U + LOG * Math.log(columns)) +
    (columns + 8) * U * Math.abs(loss) + SUBNORMAL;
  // (p T - t) / W, p T and t being at most the largest weight: the error of p, of T or t, of W and of what joins them.
  const ofP = logitGradientBound(1, columns, SPREAD)(0, 0);
  const ofGradient: Bound = () => largest / sum * (ofP + (columns + 8) * U + ofSum(sum, 0) / sum);
  return [ofGradient, ofLoss, ofGradient, ofLoss, ofGradient, ofLoss, exact, ofSum];
}

export const weightedCases: Cases = {
  "cross-entropy with smoothing and weights is as by hand": async (backend) => {
    const problem = {
      rows: 2,
      columns: 2,
      z: [0, Math.log(3), 5, 5],
      label: [1, 0],
      smoothing: 0.5,
      weights: [2, 4],
    };
    // Of the first row t is (0.5, 1 + 2), of the second (0.5 + 1, 1); p is (1/4, 3/4) and (1/2, 1/2).
    const gradient = [3.5 / 4 - 0.5, 3.5 * 3 / 4 - 3, 2.5 / 2 - 1.5, 2.5 / 2 - 1].map((g) => g / 6);
    const losses = [
      NaN,
      NaN,
      0.5 * Math.log(4) + 3 * Math.log(4 / 3),
      2.5 * Math.log(2),
      NaN,
    ];
    const classes = [NaN, NaN, 1, 0, NaN];
    const expected = [gradient, losses, gradient, losses, gradient, losses, classes, [6]];
    await yields(backend, crossEntropy(problem), expected, ...boundsOf(problem));
  },

  "cross-entropy with smoothing and weights takes any shape, also in place": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of [1, 2, 5, 37]) {
        for (const smoothing of [0, 0.1, 1]) {
          const problem = {
            rows,
            columns,
            z: normals(rows * columns, columns, 3),
            label: wholeNumbers(rows, rows, Math.min(columns, 256)),
            smoothing,
            weights: normals(columns, 3).map((value) => 0.1 + Math.abs(value)),
          };
          await agree(backend, crossEntropy(problem), ...boundsOf(problem));
        }
      }
    }
  },

  "the loss of a row is at most -ln 1e-10 of what it counts": async (backend) => {
    const problem = {
      rows: 2,
      columns: 2,
      z: [100, 0, 0, 100],
      label: [1, 1],
      smoothing: 0,
      weights: [1, 3],
    };
    const [gradient, losses] = await run(backend, crossEntropy(problem));
    const [bound] = boundsOf(problem);
    for (const [i, expected] of [0.5, -0.5, 0, 0].entries()) {
      if (!(Math.abs(gradient[i] - expected) <= bound(expected, i))) {
        throw new Error(`gradient ${i} is ${gradient[i]}`);
      }
    }
    const wanted = 3 * LARGEST_LOSS;
    if (!(Math.abs(losses[2] - wanted) <= 2 * U * wanted)) throw new Error(`loss ${losses[2]}`);
  },

  "sumClassWeights takes any number of rows": async (backend) => {
    for (const rows of [...LENGTHS, 5000]) {
      const weights = normals(40, 1).map(Math.abs);
      const labels = wholeNumbers(60, 2, 40);
      const order = [...wholeNumbers(rows + 3, rows, 60)];
      const sum = order.slice(2, 2 + rows).reduce((total, row) => total + weights[labels[row]], 0);
      await agree(backend, (rig) => {
        const output = rig.output(1, 1);
        const bytes = rig.bytes(60, 1, labels);
        const classWeights = rig.matrix(1, 40, weights);
        rig.backend.sumClassWeights(output, classWeights, bytes, rig.order(order), 2, rows);
        return [output];
      }, sumBound(rows, [sum]));
    }
  },
};
