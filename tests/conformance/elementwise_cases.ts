/**
 * The activation functions, forward and backward. Their accuracy over all of float32 is in
 * accuracy_cases.ts.
 */
import type { Backend } from "../../lib/backend.ts";
import { type Activation, ACTIVATIONS } from "../../lib/nn/activations.ts";
import { agree, type Program, runReference, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { type Bound, exact, relative, SIGMOID, TANH, U } from "./tolerance.ts";
import { LENGTHS, normals } from "./values.ts";

const FORWARD: Record<Activation, Bound> = {
  sigmoid: relative(SIGMOID + U),
  relu: exact,
  tanh: relative(TANH + U),
};

/** From the output's gradient: three operations, and the reference's rounding. */
function backwardBound(activation: Activation, dy: Float32Array): Bound {
  if (activation === "sigmoid") return relative(4 * U);
  if (activation === "relu") return exact;
  // 1 - y^2 cancels where y is near 1: what y^2 was rounded by stays, up to U.
  return (_, i) => 4 * U * Math.abs(dy[i]);
}

function forward(activation: Activation, x: ArrayLike<number>): Program {
  return (rig) => {
    const y = rig.output(1, x.length);
    const inPlace = rig.matrix(1, x.length, x);
    rig.backend[`${activation}Forward`](y, rig.matrix(1, x.length, x));
    rig.backend[`${activation}Forward`](inPlace, inPlace);
    return [y, inPlace];
  };
}

function backward(activation: Activation, dy: ArrayLike<number>, y: ArrayLike<number>): Program {
  return (rig) => {
    const dx = rig.output(1, y.length);
    const inPlace = rig.matrix(1, y.length, dy);
    const outputs = rig.matrix(1, y.length, y);
    rig.backend[`${activation}Backward`](dx, rig.matrix(1, y.length, dy), outputs);
    rig.backend[`${activation}Backward`](inPlace, inPlace, outputs);
    return [dx, inPlace];
  };
}

async function forwardByHand(
  backend: Backend,
  activation: Activation,
  results: readonly (readonly [x: number, y: number])[],
  bound: Bound,
) {
  const [x, y] = [results.map(([x]) => x), results.map(([, y]) => y)];
  await yields(backend, forward(activation, x), [y, y], bound, bound);
}

async function backwardByHand(
  backend: Backend,
  activation: Activation,
  results: readonly (readonly [dy: number, y: number, dx: number])[],
) {
  const [dy, y, dx] = [0, 1, 2].map((part) => results.map((result) => result[part]));
  await yields(backend, backward(activation, dy, y), [dx, dx], exact, exact);
}

export const elementwiseCases: Cases = {
  "sigmoid is as by hand": async (backend) => {
    const results = [[0, 0.5], [Math.log(3), 0.75], [-Math.log(3), 0.25], [1e4, 1], [-1e4, 0]];
    // ln 3 is rounded on its way in, too.
    await forwardByHand(backend, "sigmoid", pairs(results), relative(SIGMOID + 2 * U));
    await backwardByHand(backend, "sigmoid", [[2, 0.75, 0.375], [2, 1, 0], [NaN, 0.5, NaN]]);
  },

  "relu is as by hand": async (backend) => {
    const results = [[-1, 0], [-0, 0], [0, 0], [2.5, 2.5], [Infinity, Infinity], [-Infinity, 0]];
    await forwardByHand(backend, "relu", pairs(results), exact);
    await backwardByHand(backend, "relu", [[5, 0, 0], [5, 3, 5], [-5, 1e-45, -5], [NaN, 0, 0]]);
  },

  "tanh is as by hand": async (backend) => {
    const results = [[0, 0], [Math.log(3) / 2, 0.5], [-Math.log(3) / 2, -0.5], [1e4, 1], [
      -1e4,
      -1,
    ]];
    await forwardByHand(backend, "tanh", pairs(results), relative(TANH + 2 * U));
    await backwardByHand(backend, "tanh", [[2, 0.5, 1.5], [2, -1, 0], [NaN, 0.5, NaN]]);
  },

  "activations and their gradients take any number of elements, also in place": async (backend) => {
    for (const activation of ACTIVATIONS) {
      for (const length of LENGTHS) {
        const x = normals(length, length, 3);
        const bound = FORWARD[activation];
        await agree(backend, forward(activation, x), bound, bound);

        const [y] = await runReference(forward(activation, x));
        const dy = normals(length, length + 1);
        const bounds = backwardBound(activation, dy);
        await agree(backend, backward(activation, dy, y), bounds, bounds);
      }
    }
  },

  "activations keep NaN": async (backend) => {
    for (const activation of ACTIVATIONS) {
      const x = [NaN, 1, NaN, 0, -1, NaN];
      const bound = FORWARD[activation];
      await agree(backend, forward(activation, x), bound, bound);
    }
  },
};

function pairs(values: number[][]): [number, number][] {
  return values.map(([x, y]) => [x, y]);
}
