/**
 * Backpropagation against its definition: the derivative of the mean loss by every parameter.
 *
 * The loss is computed here once more, in float64 and in the plainest way, so that differences over
 * a step h of 2^-17 give its derivatives almost exactly: to h^2 times the third derivative, some
 * 1e-9. What is left is the rounding of the back end: at most 11 kernels on the way, each off by at
 * most 9 units (sums of up to 7 products and what goes with them), and gradients below 1.
 */
import assert from "node:assert/strict";
import type { Backend } from "../../lib/backend/mod.ts";
import { normalDistribution } from "../../lib/backends/reference/normal_distribution.ts";
import { type BackendOptions, createBackend } from "../../lib/backends/mod.ts";
import { type Activation, ACTIVATIONS } from "../../lib/nn/activations.ts";
import type { Perceptron } from "../../lib/nn/architecture.ts";
import { Network } from "../../lib/nn/network.ts";
import { Sequential } from "../../lib/nn/sequential.ts";
import { type LayerParameters, tensorsOf } from "../../lib/nn/tensors.ts";
import { NO_ADAPTER } from "../backends/adapter.ts";
import { testUnless } from "../support/cli.ts";
import { U } from "../conformance/tolerance.ts";
import { normals, wholeNumbers } from "../conformance/values.ts";
import { layerShapes } from "../support/networks.ts";

const ROWS = 7;
const INPUT_SCALE = 1 / 255;
const STEP = 2 ** -17;
const TOLERANCE = 11 * 9 * U;

/** What is added to inputs, and what the rounding may be: with an offset there are four more kernels, and larger terms. */
const OFFSETS = [[0, TOLERANCE], [-0.5, 1.5 * 15 * 9 * U]] as const;

/** Each with the reason why it cannot run here, if there is one. */
const BACKENDS: Readonly<Record<string, readonly [BackendOptions, string | null]>> = {
  reference: [{ backend: "reference" }, null],
  "wasm strict": [{ backend: "wasm", simd: "strict" }, null],
  "wasm auto": [{ backend: "wasm" }, null],
  webgpu: [{ backend: "webgpu" }, NO_ADAPTER],
};

const ARCHITECTURES: readonly Perceptron[] = ACTIVATIONS.flatMap((activation) => [
  { inputs: 5, hidden: [4], outputs: 3, activation },
  { inputs: 6, hidden: [4, 3], outputs: 2, activation },
  { inputs: 4, hidden: [], outputs: 3, activation },
]);

const FUNCTIONS: Readonly<Record<Activation, (z: number) => number>> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(z, 0),
  tanh: Math.tanh,
  "leaky-relu": (z) => z > 0 ? z : 0.01 * z,
  gelu: (z) => z * normalDistribution(z),
};

/** Weights and bias of a layer as one list; weights first, row-major. */
type Flat = readonly Float64Array[];

/** Seven rows with their labels, and the parameters to differentiate by. */
function makeProblem(architecture: Perceptron, offset: number) {
  const parameters = layerShapes(architecture).map(([inputs, outputs], l) => ({
    weights: normals(inputs * outputs, 10 + l, 0.7),
    bias: normals(outputs, 20 + l),
  }));
  return {
    x: Uint8Array.from(wholeNumbers(ROWS * architecture.inputs, 4, 256)),
    labels: Uint8Array.from(wholeNumbers(ROWS, 3, architecture.outputs)),
    parameters,
    offset,
  };
}

function flatten(parameters: readonly LayerParameters[]): Flat {
  return parameters.map(({ weights, bias }) => Float64Array.of(...weights, ...bias));
}

/** The mean loss in float64; `signs` takes down which hidden values are positive. */
function meanLoss(
  architecture: Perceptron,
  parameters: Flat,
  { x, labels, offset }: Problem,
  signs: boolean[] = [],
): number {
  const shapes = layerShapes(architecture);
  const rows = Array.from(labels, (label, i) => {
    const row = x.subarray(i * architecture.inputs, (i + 1) * architecture.inputs);
    let values = Array.from(row, (byte) => byte * INPUT_SCALE + offset);
    shapes.forEach(([inputs, outputs], l) => {
      const z = Array.from({ length: outputs }, (_, j) =>
        values.reduce(
          (sum, value, k) => sum + value * parameters[l][k * outputs + j],
          parameters[l][inputs * outputs + j],
        ));
      const isLast = l === shapes.length - 1;
      values = isLast ? z : z.map(FUNCTIONS[architecture.activation]);
      if (!isLast) signs.push(...z.map((value) => value > 0));
    });
    return Math.log(values.reduce((sum, z) => sum + Math.exp(z), 0)) - values[label];
  });
  return rows.reduce((sum, loss) => sum + loss) / ROWS;
}

/** Derivatives of the mean loss, in the order of the parameters. */
function differentiate(architecture: Perceptron, parameters: Flat, data: Problem): Flat {
  return parameters.map((layer, l) =>
    layer.map((value, i) => {
      const signs: boolean[][] = [[], []];
      const [up, down] = [STEP, -STEP].map((step, side) => {
        const moved = parameters.map((values) => values.slice());
        moved[l][i] = value + step;
        return meanLoss(architecture, moved, data, signs[side]);
      });
      // Across the kink of a relu there is no derivative.
      assert.deepEqual(signs[0], signs[1]);
      return (up - down) / (2 * STEP);
    })
  );
}

type Problem = ReturnType<typeof makeProblem>;

/** The mean loss and its gradients, as the back end computes them. */
async function backpropagate(
  backend: Backend,
  architecture: Perceptron,
  problem: Problem,
  freezeOutputBias = false,
) {
  const inputMap = { scale: INPUT_SCALE, offset: problem.offset };
  const described = Network.of(architecture, { inputMap, freezeOutputBias });
  using network = new Sequential(backend, described, tensorsOf(problem.parameters));
  const buffers = network.batchBuffers(ROWS, true);
  const trained = new Map(network.parameters([]).map(({ name, gradient }) => [name, gradient]));
  const labels = backend.allocateBytes(ROWS, 1);
  backend.write(labels, problem.labels);
  const order = backend.allocateOrder(ROWS);
  backend.writeOrder(order, Uint32Array.from({ length: ROWS }, (_, i) => i));
  const losses = backend.allocate(ROWS, 1);

  backend.write(buffers.x, problem.x);
  const logits = network.forward(buffers);
  backend.softmaxCrossEntropy(buffers.dLogits, losses, logits, labels, order, 0);
  network.backward(buffers);

  const read = async (name: string) => {
    const gradient = trained.get(name);
    return gradient ? await backend.read(gradient) : new Float32Array();
  };
  const layers = await Promise.all(problem.parameters.map(async (_, l) => ({
    weights: await read(`layers.${l}.weight`),
    bias: await read(`layers.${l}.bias`),
  })));
  const loss = (await backend.read(losses)).reduce((sum, value) => sum + value, 0) / ROWS;
  return { loss, gradients: flatten(layers) };
}

for (const architecture of ARCHITECTURES) {
  for (const [offset, tolerance] of OFFSETS) {
    const { inputs, hidden, outputs, activation } = architecture;
    const centered = offset === 0 ? "" : ", inputs with an offset";
    const name = `${[inputs, ...hidden, outputs].join("-")} ${activation}${centered}`;
    const problem = makeProblem(architecture, offset);
    const parameters = flatten(problem.parameters);

    for (const [backendName, [options, reason]] of Object.entries(BACKENDS)) {
      const sentence = "gradients by every parameter are finite differences";
      testUnless(reason, `${sentence}: ${name}, ${backendName}`, async () => {
        using backend = await createBackend(options);
        const { loss, gradients } = await backpropagate(backend, architecture, problem);
        const slopes = differentiate(architecture, parameters, problem);
        assert(Math.abs(loss - meanLoss(architecture, parameters, problem)) <= tolerance);
        slopes.forEach((layer, l) =>
          layer.forEach((slope, i) => {
            const gradient = gradients[l][i];
            assert(
              Math.abs(gradient - slope) <= tolerance,
              `layer ${l}, parameter ${i}: ${gradient}, but the loss rises by ${slope}`,
            );
          })
        );
      });
    }
  }
}

Deno.test("an offset counts in the gradient where the only bias is frozen, too", async () => {
  const architecture: Perceptron = { inputs: 4, hidden: [], outputs: 3, activation: "relu" };
  const problem = makeProblem(architecture, -0.5);
  using backend = await createBackend({ backend: "wasm" });
  const { gradients: [trained] } = await backpropagate(backend, architecture, problem);
  const { gradients: [frozen] } = await backpropagate(backend, architecture, problem, true);
  assert.deepEqual(frozen, trained.subarray(0, frozen.length));
  assert.equal(frozen.length, 12);
});
