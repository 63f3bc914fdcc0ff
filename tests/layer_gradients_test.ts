/**
 * Backpropagation through batch normalisation, dropout, smoothed labels and weighted classes, one by one and all together,
 * against differences of the loss, which is computed here once more in float64: see gradients_test.ts.
 */
import assert from "node:assert/strict";
import type { Backend } from "../lib/backend.ts";
import { ReferenceBackend } from "../lib/backends/reference.ts";
import { normalDistribution } from "../lib/backends/reference/normal_distribution.ts";
import { type BackendOptions, createBackend } from "../lib/backends/mod.ts";
import type { Activation } from "../lib/nn/activations.ts";
import { Dropout } from "../lib/nn/dropout.ts";
import { Mlp } from "../lib/nn/mlp.ts";
import { NORM_EPSILON } from "../lib/nn/norm_parameters.ts";
import { type Architecture, type LayerParameters, layerShapes } from "../lib/nn/parameters.ts";
import { allRows } from "../lib/dataset/batches.ts";
import type { ClassWeights } from "../lib/train/class_weights.ts";
import { TrainingLoss } from "../lib/train/loss.ts";
import { NO_ADAPTER, shared } from "./adapter.ts";
import { testUnless } from "./cli.ts";
import { U } from "./conformance/tolerance.ts";
import { normals, wholeNumbers } from "./conformance/values.ts";

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
  readonly activation: Activation;
  readonly batchNorm?: boolean;
  readonly dropout?: number;
  readonly labelSmoothing?: number;
  readonly classWeights?: readonly number[];
}

const WEIGHTS = [1, 2.5, 0.5];

const CASES: readonly Case[] = [
  { activation: "sigmoid", batchNorm: true },
  { activation: "relu", batchNorm: true },
  { activation: "gelu", batchNorm: true },
  { activation: "tanh", dropout: 0.4 },
  { activation: "leaky-relu", dropout: 0.4 },
  { activation: "gelu", dropout: 0.4 },
  { activation: "sigmoid", labelSmoothing: 0.2 },
  { activation: "sigmoid", classWeights: WEIGHTS },
  { activation: "tanh", batchNorm: true, dropout: 0.3 },
  {
    activation: "gelu",
    batchNorm: true,
    dropout: 0.3,
    labelSmoothing: 0.1,
    classWeights: WEIGHTS,
  },
];

const FUNCTIONS: Readonly<Record<Activation, (z: number) => number>> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(z, 0),
  tanh: Math.tanh,
  "leaky-relu": (z) => z > 0 ? z : 0.01 * z,
  gelu: (z) => z * normalDistribution(z),
};

/** Of a layer: weights, bias and, where it is normalised, weight and bias of that. */
type Flat = readonly (readonly Float64Array[])[];

async function makeProblem(case_: Case) {
  const architecture: Architecture = {
    inputs: 6,
    hidden: [5, 4],
    outputs: 3,
    activation: case_.activation,
  };
  const parameters = layerShapes(architecture).map(([inputs, outputs], l): LayerParameters => ({
    weights: normals(inputs * outputs, 10 + l, 0.7),
    bias: normals(outputs, 20 + l),
    ...case_.batchNorm && l < 2
      ? {
        norm: {
          weight: normals(outputs, 30 + l, 0.5).map((value) => 1 + 0.5 * value),
          bias: normals(outputs, 40 + l, 0.3),
          runningMean: new Float32Array(outputs),
          runningVariance: new Float32Array(outputs).fill(1),
        },
      }
      : {},
  }));
  const dropout = case_.dropout ? new Dropout(case_.dropout, 42) : null;
  // Of each hidden layer, what elements are multiplied by.
  const masks = await Promise.all(architecture.hidden.map(async (width, l) => {
    const backend = new ReferenceBackend();
    const ones = backend.allocate(ROWS, width);
    ones.data.fill(1);
    dropout?.apply(backend, ones, ones, l, TRAINING_STEP);
    return (await backend.read(ones)).map((value) => value > 0 ? 1 : 0);
  }));
  return {
    case_,
    architecture,
    parameters,
    dropout,
    masks,
    x: Uint8Array.from(wholeNumbers(ROWS * architecture.inputs, 4, 256)),
    labels: Uint8Array.from(wholeNumbers(ROWS, 3, architecture.outputs)),
  };
}

type Problem = Awaited<ReturnType<typeof makeProblem>>;

function flatten(parameters: readonly LayerParameters[]): Flat {
  return parameters.map(({ weights, bias, norm }) =>
    [weights, bias, ...norm ? [norm.weight, norm.bias] : []].map((values) =>
      Float64Array.from(values)
    )
  );
}

/**
 * The loss in float64; `signs` takes down which hidden values are positive.
 *
 * @returns also the most that one layer's normalisation multiplies a difference by
 */
function lossOf(problem: Problem, parameters: Flat, signs: boolean[] = []) {
  const { case_, architecture, masks, x, labels } = problem;
  const { dropout = 0, labelSmoothing: smoothing = 0, classWeights = [1, 1, 1] } = case_;
  let gain = 1;
  let values = Array.from(
    labels,
    (_, i) => Array.from(x.subarray(i * 6, (i + 1) * 6), (byte) => byte * INPUT_SCALE),
  );
  parameters.forEach(([weights, bias, gamma, beta], l) => {
    const width = bias.length;
    values = values.map((row) =>
      Array.from(
        bias,
        (b, j) => row.reduce((sum, value, k) => sum + value * weights[k * width + j], b),
      )
    );
    if (l === parameters.length - 1) return;
    if (gamma) {
      for (let j = 0; j < width; j++) {
        const mean = values.reduce((sum, row) => sum + row[j], 0) / ROWS;
        const variance = values.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / ROWS;
        const factor = gamma[j] / Math.sqrt(variance + NORM_EPSILON);
        gain = Math.max(gain, Math.abs(factor));
        for (const row of values) row[j] = (row[j] - mean) * factor + beta[j];
      }
    }
    signs.push(...values.flat().map((value) => value > 0));
    values = values.map((row, i) =>
      row.map((z, j) =>
        FUNCTIONS[architecture.activation](z) * masks[l][i * width + j] / (1 - dropout)
      )
    );
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

/** Derivatives of the loss, in the order of the parameters. */
function differentiate(problem: Problem, parameters: Flat): Flat {
  return parameters.map((layer, l) =>
    layer.map((tensor, t) =>
      tensor.map((value, i) => {
        const signs: boolean[][] = [[], []];
        const [up, down] = [STEP, -STEP].map((step, side) => {
          const moved = parameters.map((tensors) => tensors.map((values) => values.slice()));
          moved[l][t][i] = value + step;
          return lossOf(problem, moved, signs[side]).loss;
        });
        // Across the kink of a relu there is no derivative.
        assert.deepEqual(signs[0], signs[1]);
        return (up - down) / (2 * STEP);
      })
    )
  );
}

/** The loss and its gradients, as the back end computes them; null of a bias that is not trained. */
async function backpropagate(backend: Backend, problem: Problem) {
  const { case_, architecture, parameters, dropout } = problem;
  const { labelSmoothing = 0 } = case_;
  const classWeights: ClassWeights = case_.classWeights ?? "none";
  using mlp = new Mlp(backend, architecture, parameters, INPUT_SCALE, dropout);
  const buffers = mlp.batchBuffers(ROWS, true);
  const gradients = mlp.gradients(false, []);
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
  mlp.forward(buffers, TRAINING_STEP);
  loss.take(buffers, losses, order, 0);
  mlp.backward(buffers, gradients, TRAINING_STEP);
  const sum = (await backend.read(losses)).reduce((sum, value) => sum + value, 0);
  return {
    loss: loss.mean(sum, 0),
    gradients: await Promise.all(gradients.layers.map(({ weights, bias, norm }) =>
      Promise.all(
        [weights, bias, ...norm ? [norm.weight, norm.bias] : []]
          .map((parameter) => parameter && backend.read(parameter.gradient)),
      )
    )),
  };
}

const made = Object.fromEntries(
  Object.entries(BACKENDS).map(([name, [options]]) => [name, shared(() => createBackend(options))]),
);

for (const case_ of CASES) {
  const problem = await makeProblem(case_);
  const parameters = flatten(problem.parameters);
  const what = Object.entries(case_).map(([name, value]) => `${name} ${value}`).join(", ");
  for (const [name, [, reason]] of Object.entries(BACKENDS)) {
    testUnless(reason, `gradients are finite differences: ${what}, ${name}`, async () => {
      const { loss, gradients } = await backpropagate(await made[name](), problem);
      const { loss: wanted, gain } = lossOf(problem, parameters);
      // 17 kernels of at most 15 units (sums of 9 rows and what goes with them). A normalisation, and the scale of what
      // is not dropped, magnify what has gone wrong before, in each of two layers; weights are at most 2.5 of 1.
      const scale = gain / (1 - (case_.dropout ?? 0));
      const tolerance = 17 * 15 * U * scale ** 2 * (case_.classWeights ? 2.5 : 1);
      assert(Math.abs(loss - wanted) <= tolerance, `loss ${loss} for ${wanted}`);
      differentiate(problem, parameters).forEach((layer, l) =>
        layer.forEach((tensor, t) =>
          tensor.forEach((slope, i) => {
            // A bias that is normalised away changes nothing, and is not trained.
            const gradient = gradients[l][t]?.[i] ?? 0;
            assert(
              Math.abs(gradient - slope) <= tolerance,
              `layer ${l}, tensor ${t}, ${i}: ${gradient}, but the loss rises by ${slope}`,
            );
          })
        )
      );
    });
  }
}
