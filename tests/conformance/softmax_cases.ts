/** Softmax, and the cross-entropy with its gradient. Glossary: B rows, O columns (classes). */
import assert from "node:assert/strict";
import { agree, type Program, run, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import {
  exact,
  LARGEST_LOSS,
  LOG,
  logitGradientBound,
  lossBound,
  relative,
  softmaxBound,
  U,
} from "./tolerance.ts";
import { LENGTHS, normals, wholeNumbers } from "./values.ts";

/** Logits from N(0, 3^2) are at most this far apart in the cases below. */
const SPREAD = 30;

function softmax(rows: number, columns: number, z: ArrayLike<number>): Program {
  return (rig) => {
    const p = rig.output(rows, columns);
    const inPlace = rig.matrix(rows, columns, z);
    rig.backend.softmax(p, rig.matrix(rows, columns, z));
    rig.backend.softmax(inPlace, inPlace);
    return [p, inPlace];
  };
}

/** The gradient, the losses, and both again with the gradient in the place of the logits. */
function crossEntropy(
  rows: number,
  columns: number,
  z: ArrayLike<number>,
  label: ArrayLike<number>,
): Program {
  return (rig) => {
    const start = 2;
    const outputs = [0, 1].map(() => rig.output(start + rows + 1, 1));
    const [losses, lossesInPlace] = outputs;
    const gradient = rig.output(rows, columns);
    const inPlace = rig.matrix(rows, columns, z);
    // Row i of the batch is row `rows - 1 - i` of the labels.
    const labels = rig.bytes(rows, 1, Array.from(label).reverse());
    const order = rig.order([0, 0, ...Array.from(label, (_, i) => rows - 1 - i)]);
    const logits = rig.matrix(rows, columns, z);
    rig.backend.softmaxCrossEntropy(gradient, losses, logits, labels, order, start);
    rig.backend.softmaxCrossEntropy(inPlace, lossesInPlace, inPlace, labels, order, start);
    return [gradient, losses, inPlace, lossesInPlace];
  };
}

export const softmaxCases: Cases = {
  "softmax and cross-entropy are as by hand": async (backend) => {
    const z = [0, Math.log(3), 5, 5];
    const bound = softmaxBound(2, 2);
    const p = [0.25, 0.75, 0.5, 0.5];
    await yields(backend, softmax(2, 2, z), [p, p], bound, bound);

    const gradient = [0.125, -0.125, -0.25, 0.25];
    const losses = [NaN, NaN, Math.log(4 / 3), Math.log(2), NaN];
    const ofGradient = logitGradientBound(2, 2, 2);
    const program = crossEntropy(2, 2, z, [1, 0]);
    const expected = [gradient, losses, gradient, losses];
    await yields(backend, program, expected, ofGradient, lossBound(2), ofGradient, lossBound(2));
  },

  "softmax and cross-entropy take any number of rows and columns, also in place": async (
    backend,
  ) => {
    for (const columns of LENGTHS) {
      for (const rows of [1, 2, 5, 37]) {
        const z = normals(rows * columns, columns, 3);
        const labels = wholeNumbers(rows, rows, Math.min(columns, 256));
        const ofP = softmaxBound(columns, SPREAD);
        await agree(backend, softmax(rows, columns, z), ofP, ofP);
        const ofGradient = logitGradientBound(rows, columns, SPREAD);
        const ofLoss = lossBound(columns);
        const program = crossEntropy(rows, columns, z, labels);
        await agree(backend, program, ofGradient, ofLoss, ofGradient, ofLoss);
      }
    }
  },

  "softmax and cross-entropy do not overflow at logits of 10,000 of either sign": async (
    backend,
  ) => {
    const [H, L] = [1e4, -1e4];
    const z = [H, L, 0, L, L, L, H, H, L, 0, L, H, H, 9999, 9998];
    const p = [1, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0.5, 0.5, 0, 0, 0, 1];
    const sum = 1 + Math.exp(-1) + Math.exp(-2);
    p.push(1 / sum, Math.exp(-1) / sum, Math.exp(-2) / sum);
    // Differences of whole numbers are exact, and what is far apart is zero.
    const ofP = softmaxBound(3, 2);
    await yields(backend, softmax(5, 3, z), [p, p], ofP, ofP);

    const labels = [0, 1, 2, 1, 2];
    const gradient = p.map((p, i) => (p - (i % 3 === labels[Math.floor(i / 3)] ? 1 : 0)) / 5);
    const rows = [0, Math.log(3), LARGEST_LOSS, LARGEST_LOSS, Math.log(sum) + 2];
    const losses = [NaN, NaN, ...rows, NaN];
    const ofGradient = logitGradientBound(5, 3, 2);
    const program = crossEntropy(5, 3, z, labels);
    const expected = [gradient, losses, gradient, losses];
    await yields(backend, program, expected, ofGradient, lossBound(3), ofGradient, lossBound(3));
  },

  "cross-entropy is at most -ln 1e-10, and its gradient continues": async (backend) => {
    for (const far of [22, 23, 23.0258, 23.03, 24, 50]) {
      const z = [far, 0];
      const margin = Math.fround(far);
      const loss = Math.min(Math.log1p(Math.exp(-margin)) + margin, LARGEST_LOSS);
      const [gradient, losses] = await run(backend, crossEntropy(1, 2, z, [1]));
      assert(Math.abs(losses[2] - loss) <= lossBound(2)(loss, 0), `${losses[2]} for ${loss}`);
      assert.deepEqual([...gradient], [1, -1]);
    }
  },

  "equal logits are equally probable, and their loss is the logarithm of their number": async (
    backend,
  ) => {
    // Every number at first, for the ends of rows; then steps that are prime, for the logarithm.
    for (let columns = 1; columns <= 1000; columns += columns < 40 ? 1 : 23) {
      const z = new Float32Array(columns).fill(-7.25);
      const p = z.map(() => 1 / columns);
      const ofP = relative(2 * U);
      await yields(backend, softmax(1, columns, z), [p, p], ofP, ofP);
      const [, losses] = await run(backend, crossEntropy(1, columns, z, [0]));
      const loss = Math.log(columns);
      // The sum of ones is exact, so this is the logarithm alone.
      assert(Math.abs(losses[2] - loss) <= LOG * loss, `ln ${columns}: ${losses[2]} for ${loss}`);
    }
  },

  "of a single column the probability is 1, the loss 0 and the gradient 0": async (backend) => {
    const z = [3, -1e4, 1e4];
    await yields(backend, softmax(3, 1, z), [[1, 1, 1], [1, 1, 1]], exact, exact);
    const expected = [[0, 0, 0], [NaN, NaN, 0, 0, 0, NaN]];
    const program = crossEntropy(3, 1, z, [0, 0, 0]);
    await yields(backend, program, [...expected, ...expected], exact, exact, exact, exact);
  },

  "each row of the gradient of the cross-entropy adds up to zero": async (backend) => {
    const [rows, columns] = [37, 10];
    const z = normals(rows * columns, 5, 3);
    const program = crossEntropy(rows, columns, z, wholeNumbers(rows, 6, columns));
    const [gradient] = await run(backend, program);
    for (let i = 0; i < rows; i++) {
      const row = gradient.subarray(i * columns, (i + 1) * columns);
      const sum = row.reduce((total, value) => total + value, 0);
      // The exponentials' own errors cancel; those of their sum, and of each quotient, are left.
      assert(Math.abs(sum) <= (columns + 5) * U / rows, `row ${i} adds up to ${sum}`);
    }
  },

  "a logit that is not a number shows in its row, and in no other": async (backend) => {
    for (const columns of [1, 4, 5, 10]) {
      for (const at of [0, columns - 1]) {
        const z = normals(3 * columns, columns, 3);
        z[columns + at] = NaN;
        const ofP = softmaxBound(columns, SPREAD);
        await agree(backend, softmax(3, columns, z), ofP, ofP);
        const ofGradient = logitGradientBound(3, columns, SPREAD);
        const ofLoss = lossBound(columns);
        const program = crossEntropy(3, columns, z, [0, 0, 0]);
        await agree(backend, program, ofGradient, ofLoss, ofGradient, ofLoss);
      }
    }
  },

  "logits that overflowed are not a number in the loss": async (backend) => {
    const program = crossEntropy(2, 2, [Infinity, 0, -Infinity, -Infinity], [0, 0]);
    const [gradient, losses] = await run(backend, program);
    assert.deepEqual([losses[2], losses[3]], [NaN, NaN]);
    assert(gradient.slice(2).every(Number.isNaN));
  },
};
