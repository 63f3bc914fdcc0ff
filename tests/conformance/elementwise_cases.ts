/**
 * Sums, and the activation functions, forward and backward. The accuracy of those over all of float32 is in
 * accuracy_cases.ts.
 */
import type { Backend } from "../../lib/backend/mod.ts";
import { type Activation, ACTIVATIONS, takesGradientOfInput } from "../../lib/nn/activations.ts";
import {
  normalDensity,
  normalDistribution,
} from "../../lib/backends/reference/normal_distribution.ts";
import { agree, type Program, runReference, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { type Bound, exact, GELU, relative, SIGMOID, SUBNORMAL, TANH, U } from "./tolerance.ts";
import { LENGTHS, normals } from "./values.ts";

const FORWARD: Record<Activation, Bound> = {
  sigmoid: relative(SIGMOID + U),
  relu: exact,
  tanh: relative(TANH + U),
  // Of one product, whose slope is a float32 on both sides.
  "leaky-relu": exact,
  gelu: relative(GELU + U),
};

/** From the output's gradient: three operations, and the reference's rounding. */
function backwardBound(activation: Activation, dy: Float32Array, kept: Float32Array): Bound {
  if (activation === "sigmoid") return relative(4 * U);
  if (activation === "relu" || activation === "leaky-relu") return exact;
  if (activation === "gelu") {
    // Each part of the sum is off by GELU at most, and the sum, the product and the reference's result are rounded.
    return (_, i) => {
      const x = kept[i];
      const parts = normalDistribution(x) + Math.abs(x) * normalDensity(x);
      return (GELU + 3 * U) * Math.abs(dy[i]) * parts + SUBNORMAL;
    };
  }
  // 1 - y^2 cancels where y is near 1: what y^2 was rounded by stays, up to U.
  return (_, i) => 4 * U * Math.abs(dy[i]);
}

function forward(activation: Activation, x: ArrayLike<number>): Program {
  return (rig) => {
    const y = rig.output(1, x.length);
    const inPlace = rig.matrix(1, x.length, x);
    rig.backend.activation(activation, y, rig.matrix(1, x.length, x));
    rig.backend.activation(activation, inPlace, inPlace);
    return [y, inPlace];
  };
}

function backward(activation: Activation, dy: ArrayLike<number>, y: ArrayLike<number>): Program {
  return (rig) => {
    const dx = rig.output(1, y.length);
    const inPlace = rig.matrix(1, y.length, dy);
    const outputs = rig.matrix(1, y.length, y);
    rig.backend.activationGradient(activation, dx, rig.matrix(1, y.length, dy), outputs);
    rig.backend.activationGradient(activation, inPlace, inPlace, outputs);
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
  bound: Bound = exact,
) {
  const [dy, y, dx] = [0, 1, 2].map((part) => results.map((result) => result[part]));
  await yields(backend, backward(activation, dy, y), [dx, dx], bound, bound);
}

function sums(
  [rows, columns]: readonly [number, number],
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  factor: number,
): Program {
  return (rig) => {
    const y = rig.output(rows, columns);
    const inPlace = rig.matrix(rows, columns, a);
    const other = rig.matrix(rows, columns, b);
    rig.backend.add(y, rig.matrix(rows, columns, a), other, factor);
    rig.backend.add(inPlace, inPlace, other, factor);
    return [y, inPlace];
  };
}

export const elementwiseCases: Cases = {
  "add adds as by hand, and keeps the sign of zero": async (backend) => {
    const [a, b] = [[1, -2, 0.5, -0, -0, Infinity, 3], [2, 2, 0.25, -0, 0, 1, NaN]];
    const sum = [3, 0, 0.75, -0, 0, Infinity, NaN];
    await yields(backend, sums([1, 7], a, b, 1), [sum, sum], exact, exact);
    const half = sum.map((value) => value / 2);
    await yields(backend, sums([7, 1], a, b, 0.5), [half, half], exact, exact);
  },

  "add takes any number of elements, also in place, and rounds a sum once": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of [1, 3, 37]) {
        const [a, b] = [normals(rows * columns, columns), normals(rows * columns, rows + 5)];
        await agree(backend, sums([rows, columns], a, b, 1), exact, exact);
        await agree(backend, sums([rows, columns], a, b, 0.125), exact, exact);
      }
    }
  },

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

  "leaky relu is as by hand": async (backend) => {
    const slope = Math.fround(0.01);
    const results = [[-1, -slope], [0, 0], [2.5, 2.5], [Infinity, Infinity], [-256, -256 * slope]];
    await forwardByHand(backend, "leaky-relu", pairs(results), exact);
    const gradients = [[5, 3, 5], [4, 0, 4 * slope], [-4, -1, -4 * slope], [-5, 1e-45, -5]];
    await backwardByHand(backend, "leaky-relu", triples([...gradients, [NaN, 1, NaN]]), exact);
  },

  "gelu is as by hand": async (backend) => {
    // Phi(1) is 0.8413447460685429 (Abramowitz and Stegun, table 26.1), Phi(-5) is 2.8665157187919333e-7.
    const phi = 0.8413447460685429;
    const results = [[0, 0], [1, phi], [-1, phi - 1], [-5, -5 * 2.8665157187919333e-7]];
    results.push([20, 20], [Infinity, Infinity], [-Infinity, 0], [-1e4, 0]);
    await forwardByHand(backend, "gelu", pairs(results), relative(GELU + U));

    const density = Math.exp(-0.5) / Math.sqrt(2 * Math.PI);
    const gradients = [[2, 0, 1], [1, 1, phi + density], [3, -1, 3 * (1 - phi - density)]];
    gradients.push([4, 100, 4], [4, -100, 0], [4, Infinity, 4], [4, -Infinity, 0]);
    // Before the factor, parts below 1.1.
    const bound = () => 4 * 1.1 * (GELU + 3 * U);
    await backwardByHand(
      backend,
      "gelu",
      triples([...gradients, [NaN, 1, NaN], [1, NaN, NaN]]),
      bound,
    );
  },

  "activations and their gradients take any number of elements, also in place": async (backend) => {
    for (const activation of ACTIVATIONS) {
      for (const length of LENGTHS) {
        const x = normals(length, length, 3);
        const bound = FORWARD[activation];
        await agree(backend, forward(activation, x), bound, bound);

        const [y] = await runReference(forward(activation, x));
        const kept = takesGradientOfInput(activation) ? x : y;
        const dy = normals(length, length + 1);
        const bounds = backwardBound(activation, dy, kept);
        await agree(backend, backward(activation, dy, kept), bounds, bounds);
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

function triples(values: number[][]): [number, number, number][] {
  return values.map(([dy, kept, dx]) => [dy, kept, dx]);
}

function pairs(values: number[][]): [number, number][] {
  return values.map(([x, y]) => [x, y]);
}
