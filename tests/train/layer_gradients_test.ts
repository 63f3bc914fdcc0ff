/**
 * Backpropagation through batch normalization, dropout, smoothed labels and weighted classes, one by one and all together,
 * against differences of the loss, which is computed here once more in float64: see gradients_test.ts.
 */
import assert from "node:assert/strict";
import type { Backend } from "../../lib/backend/mod.ts";
import { createReference } from "../../lib/backends/reference/reference_backend.ts";
import { normalDistribution } from "../../lib/backends/reference/normal_distribution.ts";
import { type BackendOptions, createBackend } from "../../lib/backends/mod.ts";
import { allRows } from "../../lib/dataset/batches.ts";
import { type Activation, ACTIVATIONS } from "../../lib/nn/activations.ts";
import { NORM_EPSILON } from "../../lib/nn/layers/batch_norm.ts";
import { Network } from "../../lib/nn/network.ts";
import { Sequential } from "../../lib/nn/sequential.ts";
import type { Values } from "../../lib/nn/tensors.ts";
import type { ClassWeights } from "../../lib/config/kinds.ts";
import { TrainingLoss } from "../../lib/task/cross_entropy_loss.ts";
import { NO_ADAPTER, shared } from "../backends/adapter.ts";
import { testUnless } from "../support/cli.ts";
import { U } from "../conformance/tolerance.ts";
import { normals, wholeNumbers } from "../conformance/values.ts";

const ROWS = 9;
const INPUT_SCALE = 1 / 255;
const STEP = 2 ** -17;
/** Of training: decides what is dropped. */
const TRAINING_STEP = 12345;

const BACKENDS: Readonly<Record<string, readonly [BackendOptions, string | null]>> = {
  reference: [{ backend: "reference" }, null],
  "wasm strict": [{ backend: "wasm", simd: "strict" }, null],
  "wasm auto": [{ backend: "wasm" }, null],
  webgpu: [{ backend: "webgpu" }, NO_ADAPTER],
};

interface Case {
  readonly layers: string;
  readonly labelSmoothing?: number;
  readonly classWeights?: readonly number[];
}

const WEIGHTS = [1, 2.5, 0.5];

const CASES: readonly Case[] = [
  { layers: "dense 5, batch-norm, sigmoid, dense 4, batch-norm, sigmoid" },
  { layers: "dense 5, batch-norm, relu, dense 4, batch-norm, relu" },
  { layers: "dense 5, batch-norm, gelu, dense 4, batch-norm, gelu" },
  { layers: "dense 5, tanh, dropout 0.4, dense 4, tanh, dropout 0.4" },
  { layers: "dense 5, leaky-relu, dropout 0.4, dense 4, leaky-relu, dropout 0.4" },
  { layers: "dense 5, gelu, dropout 0.4, dense 4, gelu, dropout 0.4" },
  { layers: "dense 5, sigmoid, dense 4, sigmoid", labelSmoothing: 0.2 },
  { layers: "dense 5, sigmoid, dense 4, sigmoid", classWeights: WEIGHTS },
  { layers: "dense 5, batch-norm, tanh, dropout 0.3, dense 4, batch-norm, tanh, dropout 0.3" },
  {
    layers: "dense 5, batch-norm, gelu, dropout 0.3, dense 4, batch-norm, gelu, dropout 0.3",
    labelSmoothing: 0.1,
    classWeights: WEIGHTS,
  },
  // What no perceptron with one activation is.
  { layers: "dense 5, relu, dropout 0.2, dense 4, tanh" },
  { layers: "flatten, dense 5, dense 4, batch-norm" },
  { layers: "dense 5, dropout 0.3, relu, dropout 0, dense 4, gelu, sigmoid" },
  { layers: "dense 5, tanh, tanh, dropout 0.2, flatten, gelu, dropout 0.2, dense 4" },
  { layers: "dense 5, gelu, gelu, relu" },
  { layers: "dense 5, batch-norm, dropout 0.2, sigmoid, leaky-relu, dense 4, batch-norm, relu" },
];

const FUNCTIONS: Readonly<Record<Activation, (z: number) => number>> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(z, 0),
  tanh: Math.tanh,
  "leaky-relu": (z) => z > 0 ? z : 0.01 * z,
  gelu: (z) => z * normalDistribution(z),
};

/** Tensors by name, in float64. */
type Flat = ReadonlyMap<string, Float64Array>;

async function makeProblem(case_: Case) {
  const network = new Network({
    shape: [2, 3, 1],
    layers: case_.layers.split(", "),
    outputs: 3,
    seed: 42,
  });
  const tensors = new Map<string, Values>();
  for (const [i, { name, length }] of network.tensors.entries()) {
    const values = normals(length, 10 + i, name.includes("norm") ? 0.3 : 0.7);
    tensors.set(name, name.endsWith("norm.weight") ? values.map((value) => 1 + value) : values);
  }
  // What elements are multiplied by, a mask a layer.
  const masks = await Promise.all(network.layers.map(async ({ layer, text }) => {
    const backend = createReference();
    const width = layer.output[0];
    const ones = backend.allocate(ROWS, width);
    backend.write(ones, new Float32Array(ROWS * width).fill(1));
    if (!text.startsWith("dropout") || layer.isIdentity) return null;
    const on = { backend, values: {}, gradients: {}, scratch: {} };
    layer.forward(on, ones, ones, TRAINING_STEP);
    return await backend.read(ones);
  }));
  return {
    case_,
    network,
    tensors,
    masks,
    x: Uint8Array.from(wholeNumbers(ROWS * network.inputs, 4, 256)),
    labels: Uint8Array.from(wholeNumbers(ROWS, 3, 3)),
  };
}

type Problem = Awaited<ReturnType<typeof makeProblem>>;

/** What gradients are asked for: all but running statistics. */
function flatten({ network, tensors }: Problem): Flat {
  const trained = network.tensors.filter(({ name }) => !name.includes("running"));
  return new Map(trained.map(({ name }) => [name, Float64Array.from(tensors.get(name)!)]));
}

/**
 * The loss in float64; `signs` takes down which values an activation meets are positive.
 *
 * @returns also the most that one layer's normalization, or its dropout, multiplies a difference by
 */
function lossOf(problem: Problem, parameters: Flat, signs: boolean[] = []) {
  const { case_, network, masks, x, labels } = problem;
  const { labelSmoothing: smoothing = 0, classWeights = [1, 1, 1] } = case_;
  let gain = 1;
  let values = Array.from(
    labels,
    (_, i) => Array.from(x.subarray(i * 6, (i + 1) * 6), (byte) => byte * INPUT_SCALE),
  );
  network.layers.forEach(({ name, text }, l) => {
    const [word] = text.split(" ");
    const [weights, bias] = [parameters.get(`${name}.weight`)!, parameters.get(`${name}.bias`)!];
    if (word === "dense") {
      const width = bias.length;
      values = values.map((row) =>
        Array.from(
          bias,
          (b, j) => row.reduce((sum, value, k) => sum + value * weights[k * width + j], b),
        )
      );
    } else if (word === "batch-norm") {
      for (let j = 0; j < bias.length; j++) {
        const mean = values.reduce((sum, row) => sum + row[j], 0) / ROWS;
        const variance = values.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / ROWS;
        const factor = weights[j] / Math.sqrt(variance + NORM_EPSILON);
        gain = Math.max(gain, Math.abs(factor));
        for (const row of values) row[j] = (row[j] - mean) * factor + bias[j];
      }
    } else if (masks[l]) {
      const mask = masks[l];
      gain = Math.max(gain, ...mask);
      const width = values[0].length;
      values = values.map((row, i) => row.map((value, j) => value * mask[i * width + j]));
    } else if (ACTIVATIONS.includes(word as Activation)) {
      signs.push(...values.flat().map((value) => value > 0));
      values = values.map((row) => row.map(FUNCTIONS[word as Activation]));
    }
  });
  let [sum, weight] = [0, 0];
  values.forEach((row, i) => {
    const total = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0));
    weight += classWeights[labels[i]];
    row.forEach((z, c) => {
      const sharp = c === labels[i] ? (1 - smoothing) * classWeights[c] : 0;
      sum += (sharp + smoothing * classWeights[c] / row.length) * (total - z);
    });
  });
  return { loss: sum / weight, gain };
}

/** Derivatives of the loss, by name. */
function differentiate(problem: Problem, parameters: Flat): Flat {
  return new Map([...parameters].map(([name, tensor]) => [
    name,
    tensor.map((value, i) => {
      const signs: boolean[][] = [[], []];
      const [up, down] = [STEP, -STEP].map((step, side) => {
        const moved = new Map(parameters).set(name, tensor.with(i, value + step));
        return lossOf(problem, moved, signs[side]).loss;
      });
      // Across the kink of a relu there is no derivative.
      assert.deepEqual(signs[0], signs[1]);
      return (up - down) / (2 * STEP);
    }),
  ]));
}

/** The loss and its gradients by name, as the back end computes them; none of a bias that is not trained. */
async function backpropagate(backend: Backend, problem: Problem) {
  const { case_, tensors } = problem;
  const { labelSmoothing = 0 } = case_;
  const classWeights: ClassWeights = case_.classWeights ?? "none";
  using network = new Sequential(backend, problem.network, tensors);
  const buffers = network.batchBuffers(ROWS, true);
  const parameters = network.parameters([]);
  const labels = backend.allocateBytes(ROWS, 1);
  backend.write(labels, problem.labels);
  const order = backend.allocateOrder(ROWS);
  backend.writeOrder(order, allRows(ROWS));
  const losses = backend.allocate(ROWS, 1);
  const allocate = (rows: number, columns: number) => backend.allocate(rows, columns);
  const config = { labelSmoothing, classWeights };
  const rows = allRows(ROWS);
  const loss = new TrainingLoss(backend, allocate, config, labels, problem.labels, rows, 3);

  backend.write(buffers.x, problem.x);
  loss.prepare(order, 0, ROWS);
  network.forward(buffers, TRAINING_STEP);
  loss.take(buffers, losses, order, 0);
  network.backward(buffers, TRAINING_STEP);
  const sum = (await backend.read(losses)).reduce((sum, value) => sum + value, 0);
  const gradients = new Map<string, Values>();
  for (const { name, gradient } of parameters) gradients.set(name, await backend.read(gradient));
  return { loss: loss.mean(sum, 0), gradients };
}

const made = Object.fromEntries(
  Object.entries(BACKENDS).map(([name, [options]]) => [name, shared(() => createBackend(options))]),
);

for (const case_ of CASES) {
  const problem = await makeProblem(case_);
  const parameters = flatten(problem);
  const what = Object.values(case_).join("; ");
  for (const [name, [, reason]] of Object.entries(BACKENDS)) {
    testUnless(reason, `gradients are finite differences: ${what}, ${name}`, async () => {
      const { loss, gradients } = await backpropagate(await made[name](), problem);
      const { loss: wanted, gain } = lossOf(problem, parameters);
      // 17 kernels of at most 15 units (sums of 9 rows and what goes with them). A normalization, and the scale of what
      // is not dropped, magnify what has gone wrong before, in each of two layers; weights are at most 2.5 of 1.
      const tolerance = 17 * 15 * U * gain ** 2 * (case_.classWeights ? 2.5 : 1);
      assert(Math.abs(loss - wanted) <= tolerance, `loss ${loss} for ${wanted}`);
      for (const [tensor, slopes] of differentiate(problem, parameters)) {
        slopes.forEach((slope, i) => {
          // A bias that is normalized away changes nothing, and is not trained.
          const gradient = gradients.get(tensor)?.[i] ?? 0;
          assert(
            Math.abs(gradient - slope) <= tolerance,
            `${tensor}, ${i}: ${gradient}, but the loss rises by ${slope}`,
          );
        });
      }
    });
  }
}
