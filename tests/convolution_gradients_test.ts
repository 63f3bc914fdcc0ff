/**
 * Backpropagation through convolutions, pools and the normalization of channels against differences of the loss, which is
 * computed here once more in float64: see gradients_test.ts.
 */
import assert from "node:assert/strict";
import type { Backend } from "../lib/backend/mod.ts";
import { type BackendOptions, createBackend } from "../lib/backends/mod.ts";
import { allRows } from "../lib/dataset/batches.ts";
import { NORM_EPSILON } from "../lib/nn/layers/batch_norm.ts";
import { Network, type NetworkLayer } from "../lib/nn/network.ts";
import { Sequential } from "../lib/nn/sequential.ts";
import type { Values } from "../lib/nn/tensors.ts";
import { NO_ADAPTER, shared } from "./adapter.ts";
import { testUnless } from "./cli.ts";
import { U } from "./conformance/tolerance.ts";
import { normals, wholeNumbers } from "./conformance/values.ts";

const ROWS = 3;
const CLASSES = 3;
const INPUT_SCALE = 1 / 255;
const STEP = 2 ** -17;

const BACKENDS: Readonly<Record<string, readonly [BackendOptions, string | null]>> = {
  reference: [{ backend: "reference" }, null],
  "wasm strict": [{ backend: "wasm", simd: "strict" }, null],
  "wasm auto": [{ backend: "wasm" }, null],
  webgpu: [{ backend: "webgpu" }, NO_ADAPTER],
};

/** Layers, and height, width and channels of the images. */
const CASES: readonly (readonly [layers: string, shape: readonly number[]])[] = [
  ["conv 4 3x3, tanh", [5, 4, 1]],
  ["conv 3 3x3, batch-norm, tanh, conv 4 3x3, tanh", [4, 5, 3]],
  ["conv 4 2x3 stride 2, sigmoid, conv 4 3x3 groups 2, tanh", [5, 6, 1]],
  ["conv 4 3x3 stride 3, tanh, conv 4 3x3 groups 4, tanh", [7, 5, 3]],
  ["conv 3 3x2 valid, tanh, conv 3 2x2 stride 2 valid, tanh", [5, 6, 2]],
  ["conv 3 3x3, relu, pool 2, conv 3 3x3, tanh", [5, 5, 1]],
  ["conv 3 1x1, tanh, avg-pool 2, conv 3 3x3, batch-norm, gelu, global-average", [5, 4, 3]],
  ["conv 4 3x3, batch-norm, leaky-relu, pool 3, flatten, dense 4, tanh", [6, 7, 1]],
  ["conv 2 5x5, tanh, dense 3, batch-norm, tanh", [1, 1, 1]],
  ["conv 2 5x5, tanh, conv 2 4x4, tanh", [2, 3, 3]],
];

/** Tensors by name, in float64. */
type Flat = ReadonlyMap<string, Float64Array>;

function makeProblem([text, shape]: typeof CASES[number]) {
  const network = new Network({ shape, layers: text.split(", "), outputs: CLASSES });
  const tensors = new Map<string, Values>();
  for (const [i, { name, length }] of network.tensors.entries()) {
    const values = normals(length, 20 + i, name.includes("norm") ? 0.3 : 0.5);
    tensors.set(name, name.endsWith("norm.weight") ? values.map((value) => 1 + value) : values);
  }
  // A bias that is normalized away is neither trained nor added.
  for (const [l, { name }] of network.layers.entries()) {
    if (name === "" || network.layers[l + 1]?.text !== "batch-norm") continue;
    tensors.get(`${name}.bias`)!.fill(0);
  }
  return {
    network,
    tensors,
    x: Uint8Array.from(wholeNumbers(ROWS * network.inputs, 4, 256)),
    labels: Uint8Array.from(wholeNumbers(ROWS, 3, CLASSES)),
  };
}

type Problem = ReturnType<typeof makeProblem>;

function convolve(
  { layer, input: [height, width, channels] }: NetworkLayer,
  x: readonly number[],
  weights: Float64Array,
  bias: Float64Array,
): number[] {
  const shape = layer.convolution!;
  const [ofGroup, outOfGroup] = [channels / shape.groups, shape.outputs / shape.groups];
  return Array.from({ length: shape.outHeight * shape.outWidth * shape.outputs }, (_, i) => {
    const [position, o] = [Math.floor(i / shape.outputs), i % shape.outputs];
    const top = Math.floor(position / shape.outWidth) * shape.stride - shape.padTop;
    const left = position % shape.outWidth * shape.stride - shape.padLeft;
    let sum = bias[o];
    for (let k = 0; k < shape.kernelHeight; k++) {
      for (let l = 0; l < shape.kernelWidth; l++) {
        for (let c = 0; c < ofGroup; c++) {
          const [down, across] = [top + k, left + l];
          if (down < 0 || across < 0 || down >= height || across >= width) continue;
          const channel = Math.floor(o / outOfGroup) * ofGroup + c;
          const row = (k * shape.kernelWidth + l) * ofGroup + c;
          sum += weights[row * shape.outputs + o] * x[(down * width + across) * channels + channel];
        }
      }
    }
    return sum;
  });
}

/** @param choices takes down which number of a window is the largest */
function pool(
  { layer, input: [height, width, channels] }: NetworkLayer,
  x: readonly number[],
  choices: number[],
): number[] {
  const { of, window: [down, across] } = layer.pool!;
  const [rows, columns] = [Math.floor(height / down), Math.floor(width / across)];
  return Array.from({ length: rows * columns * channels }, (_, i) => {
    const [place, c] = [Math.floor(i / channels), i % channels];
    const values = Array.from({ length: down * across }, (_, k) => {
      const y = Math.floor(place / columns) * down + Math.floor(k / across);
      return x[(y * width + place % columns * across + k % across) * channels + c];
    });
    const largest = values.indexOf(Math.max(...values));
    if (of === "largest") choices.push(largest);
    return of === "largest" ? values[largest] : values.reduce((a, b) => a + b) / values.length;
  });
}

const FUNCTIONS: Readonly<Record<string, (z: number) => number>> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(z, 0),
  tanh: Math.tanh,
  "leaky-relu": (z) => z > 0 ? z : 0.01 * z,
  // As far as float64's error function is from its series up to the 30th term: nothing, for arguments below 3.
  gelu: (z) => z * (1 + erf(z / Math.SQRT2)) / 2,
};

function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}

/**
 * The mean loss in float64.
 *
 * @param choices takes down what has no derivative at its border: signs at activations, the largest of windows
 * @returns also the most that a normalization multiplies a difference by
 */
function lossOf({ network, x, labels }: Problem, parameters: Flat, choices: number[] = []) {
  let gain = 1;
  const { inputs } = network;
  let rows = Array.from(
    labels,
    (_, i) => Array.from(x.subarray(i * inputs, (i + 1) * inputs), (byte) => byte * INPUT_SCALE),
  );
  for (const placed of network.layers) {
    const { name, text, layer } = placed;
    const [word] = text.split(" ");
    const [weights, bias] = [parameters.get(`${name}.weight`)!, parameters.get(`${name}.bias`)!];
    if (word === "conv") rows = rows.map((row) => convolve(placed, row, weights, bias));
    else if (layer.pool) rows = rows.map((row) => pool(placed, row, choices));
    else if (word === "dense") {
      rows = rows.map((row) =>
        Array.from(
          bias,
          (b, j) => row.reduce((sum, value, k) => sum + value * weights[k * bias.length + j], b),
        )
      );
    } else if (word === "batch-norm") {
      const channels = bias.length;
      for (let c = 0; c < channels; c++) {
        const values = rows.flatMap((row) => row.filter((_, i) => i % channels === c));
        const mean = values.reduce((a, b) => a + b) / values.length;
        const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
        const factor = weights[c] / Math.sqrt(variance + NORM_EPSILON);
        gain = Math.max(gain, Math.abs(factor));
        for (const row of rows) {
          for (let i = c; i < row.length; i += channels) {
            row[i] = (row[i] - mean) * factor + bias[c];
          }
        }
      }
    } else if (FUNCTIONS[word]) {
      choices.push(...rows.flat().map((value) => Math.sign(value)));
      rows = rows.map((row) => row.map(FUNCTIONS[word]));
    }
  }
  const losses = rows.map((row, i) =>
    Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[labels[i]]
  );
  return { loss: losses.reduce((a, b) => a + b) / ROWS, gain };
}

/** The gradients by name, as the back end computes them. */
async function backpropagate(backend: Backend, problem: Problem) {
  using network = new Sequential(backend, problem.network, problem.tensors);
  const buffers = network.batchBuffers(ROWS, true);
  const parameters = network.parameters([]);
  const labels = backend.allocateBytes(ROWS, 1);
  backend.write(labels, problem.labels);
  const order = backend.allocateOrder(ROWS);
  backend.writeOrder(order, allRows(ROWS));
  const losses = backend.allocate(ROWS, 1);
  backend.write(buffers.x, problem.x);
  network.forward(buffers);
  backend.softmaxCrossEntropy(buffers.dLogits, losses, buffers.logits, labels, order, 0);
  network.backward(buffers);
  const gradients = new Map<string, Values>();
  for (const { name, gradient } of parameters) gradients.set(name, await backend.read(gradient));
  const loss = (await backend.read(losses)).reduce((a, b) => a + b, 0) / ROWS;
  return { loss, gradients };
}

const made = Object.fromEntries(
  Object.entries(BACKENDS).map(([name, [options]]) => [name, shared(() => createBackend(options))]),
);

for (const case_ of CASES) {
  const problem = makeProblem(case_);
  const parameters: Flat = new Map(
    problem.network.tensors.filter(({ name }) => !name.includes("running"))
      .map(({ name }) => [name, Float64Array.from(problem.tensors.get(name)!)]),
  );
  for (const [name, [, reason]] of Object.entries(BACKENDS)) {
    const what = `${case_[0]} of ${case_[1].join(" x ")}, ${name}`;
    testUnless(reason, `gradients are finite differences: ${what}`, async () => {
      const { loss, gradients } = await backpropagate(await made[name](), problem);
      const wanted = lossOf(problem, parameters);
      // At most 16 kernels of sums of at most 120 terms below 2, which a normalization magnifies.
      const tolerance = 16 * 120 * 2 * U * wanted.gain ** 2;
      assert(Math.abs(loss - wanted.loss) <= tolerance, `loss ${loss} for ${wanted.loss}`);
      for (const [tensor, values] of parameters) {
        const gradient = gradients.get(tensor);
        // One that is normalized away.
        if (!gradient) continue;
        for (let i = 0; i < values.length; i++) {
          const choices: number[][] = [[], []];
          const [up, down] = [STEP, -STEP].map((step, side) => {
            const moved = new Map(parameters).set(tensor, values.with(i, values[i] + step));
            return lossOf(problem, moved, choices[side]).loss;
          });
          // Across a kink there is no derivative.
          assert.deepEqual(choices[0], choices[1]);
          const slope = (up - down) / (2 * STEP);
          const off = Math.abs(gradient[i] - slope);
          assert(
            off <= tolerance,
            `${tensor}, ${i}: ${gradient[i]}, but the loss rises by ${slope}`,
          );
        }
      }
    });
  }
}
