/** The step of stochastic gradient descent. */
import assert from "node:assert/strict";
import type { Backend, Matrix } from "../../lib/backend/mod.ts";
import { agree, type Program, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { type Bound, exact, U } from "./tolerance.ts";
import { LENGTHS, normals } from "./values.ts";

interface Rates {
  readonly learningRate: number;
  readonly l1: number;
  readonly l2: number;
}

function sgd(
  w: ArrayLike<number>,
  dw: ArrayLike<number>,
  rates: Rates,
): Program {
  return (rig) => {
    const weights = rig.matrix(1, w.length, w);
    const residual = rig.matrix(1, w.length, new Float32Array(w.length));
    rig.backend.update("sgd", weights, [residual], rig.matrix(1, w.length, dw), rates);
    return [weights, residual];
  };
}

/** Six roundings of the step (three of them of the rates), and two of the difference. */
function stepBound(w: Float32Array, dw: Float32Array, { learningRate, l1, l2 }: Rates): Bound {
  return (_, i) => {
    const step = learningRate * (Math.abs(dw[i]) + l1 + l2 * Math.abs(w[i]));
    return 8 * U * (Math.abs(w[i]) + step);
  };
}

/** Updates tensors of many sizes in a row: with other rates on the way, and some of them twice. */
async function updateInTurn(
  backend: Backend,
  afterEach: (w: Matrix) => Promise<unknown>,
): Promise<Float32Array[]> {
  const tensors = LENGTHS.map((length, i) => {
    const [w, residual, dw] = [1, 2, 3].map(() => backend.allocate(1, length));
    backend.write(w, normals(length, i));
    backend.write(dw, normals(length, i + 100));
    return { w, residual, dw };
  });
  for (const i of [...tensors.keys(), 3, 4, 3, 0, 0]) {
    const { w, residual, dw } = tensors[i];
    const learningRate = i > 6 ? 0.1 : 0.3;
    const rates = { learningRate, l1: i % 2 ? 0.1 : 0, l2: i % 3 ? 0 : 0.2 };
    backend.update("sgd", w, [residual], dw, rates);
    await afterEach(w);
  }
  const results: Float32Array[] = [];
  for (const { w, residual } of tensors) {
    results.push(await backend.read(w), await backend.read(residual));
  }
  return results;
}

export const sgdCases: Cases = {
  "sgd of many tensors in a row is as of each by itself": async (backend) => {
    const inRow = await updateInTurn(backend, () => Promise.resolve());
    const alone = await updateInTurn(backend, (w) => backend.read(w));
    assert.deepEqual(inRow, alone);
  },

  "sgd is as by hand, and the sign of zero is zero": async (backend) => {
    const [w, dw] = [[1, -2, 0, -0, 8], [0.5, 0.5, 0.5, 0.5, NaN]];
    const kept = [0, 0, 0, 0, NaN];
    const plain = { learningRate: 0.5, l1: 0, l2: 0 };
    await yields(
      backend,
      sgd(w, dw, plain),
      [[0.75, -2.25, -0.25, -0.25, NaN], kept],
      exact,
      exact,
    );
    const penalized = { learningRate: 0.5, l1: 0.25, l2: 0.125 };
    await yields(
      backend,
      sgd(w, dw, penalized),
      [[0.5625, -2, -0.25, -0.25, NaN], kept],
      exact,
      exact,
    );
  },

  "sgd takes any number of weights, with each penalty": async (backend) => {
    for (const length of LENGTHS) {
      const [w, dw] = [normals(length, 1), normals(length, 2)];
      for (const [l1, l2] of [[0, 0], [0.01, 0], [0, 0.02], [0.3, 0.7]]) {
        const rates = { learningRate: 0.1, l1, l2 };
        const bound = stepBound(w, dw, rates);
        await agree(backend, sgd(w, dw, rates), bound, bound);
      }
    }
  },

  "sgd without gradient and penalty leaves every weight as it is": async (backend) => {
    const w = normals(37, 3);
    const rates = { learningRate: 0.1, l1: 0, l2: 0 };
    await yields(
      backend,
      sgd(w, new Float32Array(37), rates),
      [w, new Float32Array(37)],
      exact,
      exact,
    );
  },

  "sgd keeps what a step is too small to change": async (backend) => {
    // A step of 2^-26 cannot change a weight of 1, whose neighbor below is 2^-24 away; four of
    // them do.
    const [w, residual, dw] = [1, 2, 3].map(() => backend.allocate(1, 1));
    backend.write(w, new Float32Array([1]));
    backend.write(dw, new Float32Array([2 ** -26]));
    const rates = { learningRate: 1, l1: 0, l2: 0 };
    for (let step = 0; step < 4; step++) backend.update("sgd", w, [residual], dw, rates);
    assert.equal((await backend.read(w))[0] + (await backend.read(residual))[0], 1 - 2 ** -24);
    assert.notEqual((await backend.read(w))[0], 1);
  },

  "sgd carries infinities, from which a run diverges": async (backend) => {
    const rates = { learningRate: 0.1, l1: 0.1, l2: 0.1 };
    await agree(
      backend,
      sgd([Infinity, 1, 1, -Infinity], [0, Infinity, NaN, 1], rates),
      exact,
      exact,
    );
  },
};
