/** The losses of tasks are PyTorch's, and gradients through a network of such a task are differences of the loss. */
import assert from "node:assert/strict";
import type { Backend, Matrix } from "../../lib/backend/mod.ts";
import { type BackendOptions, createBackend } from "../../lib/backends/mod.ts";
import { allRows } from "../../lib/dataset/batches.ts";
import type { SampleTargets } from "../../lib/dataset/samples.ts";
import { Network } from "../../lib/nn/network.ts";
import { Sequential } from "../../lib/nn/sequential.ts";
import type { Values } from "../../lib/nn/tensors.ts";
import { type Distance, DISTANCES, TASKS, uploadTargets } from "../../lib/task/mod.ts";
import { NO_ADAPTER, shared } from "../backends/adapter.ts";
import { testUnless } from "../support/cli.ts";
import { normals, wholeNumbers } from "../conformance/values.ts";
import { U } from "../conformance/tolerance.ts";
import golden from "../golden/task_losses.json" with { type: "json" };

const BACKENDS: Readonly<Record<string, readonly [BackendOptions, string | null]>> = {
  reference: [{ backend: "reference" }, null],
  "wasm strict": [{ backend: "wasm", simd: "strict" }, null],
  "wasm auto": [{ backend: "wasm" }, null],
  webgpu: [{ backend: "webgpu" }, NO_ADAPTER],
};

const made = Object.fromEntries(
  Object.entries(BACKENDS).map(([name, [options]]) => [name, shared(() => createBackend(options))]),
);

/** The loss and the gradient of a case, on a back end. */
async function lossOf(backend: Backend, case_: typeof golden[number]) {
  const { rows, outputs } = case_;
  const matrix = (columns: number, values: readonly number[]) => {
    const made = backend.allocate(values.length / columns, columns);
    backend.write(made, Float32Array.from(values));
    return made;
  };
  const order = backend.allocateOrder(rows);
  backend.writeOrder(order, allRows(rows));
  const [logits, gradient] = [matrix(outputs, case_.logits), backend.allocate(rows, outputs)];
  const losses = backend.allocate(rows, 1);
  const weights = case_.weights && matrix(1, case_.weights);
  if (case_.name.startsWith("yes")) {
    const targets = backend.allocateBytes(rows, outputs);
    backend.write(targets, Uint8Array.from(case_.targets));
    const positive = matrix(outputs, case_.positive);
    backend.sigmoidCrossEntropy(gradient, losses, logits, targets, order, 0, positive, weights);
  } else {
    const targets = matrix(outputs, case_.targets);
    const distance = DISTANCES.indexOf(case_.delta > 0 ? "huber" : "squared");
    const { delta } = case_;
    backend.distanceLoss(gradient, losses, logits, targets, order, 0, distance, delta, weights);
  }
  const loss = (await backend.read(losses)).reduce((sum, value) => sum + value, 0) / rows;
  return { loss, gradient: await backend.read(gradient) };
}

for (const [name, [, reason]] of Object.entries(BACKENDS)) {
  testUnless(reason, `losses of tasks and their gradients are PyTorch's: ${name}`, async () => {
    const backend = await made[name]();
    for (const case_ of golden) {
      const { loss, gradient } = await lossOf(backend, case_);
      const what = `${case_.name}, ${case_.rows} x ${case_.outputs}`;
      // Some twenty roundings of values of at most this size: see conformance/loss_cases.ts.
      const tolerance = 20 * U * Math.max(1, case_.loss);
      assert(Math.abs(loss - case_.loss) <= tolerance, `${what}: ${loss} for ${case_.loss}`);
      case_.gradient.forEach((wanted, i) => {
        const off = Math.abs(gradient[i] - wanted);
        assert(off <= 20 * U * Math.max(Math.abs(wanted), 1e-3), `${what}, ${i}: ${gradient[i]}`);
      });
    }
  });
}

const ROWS = 9;
const STEP = 2 ** -17;

interface Problem {
  readonly targets: SampleTargets;
  readonly outputs: number;
  readonly positiveWeight?: number;
  readonly huber?: number;
  readonly distance?: Distance;
  readonly weights?: readonly number[];
}

const yesAndNo = (columns: number, task: "binary" | "multi-label"): SampleTargets => ({
  task,
  values: Uint8Array.from(wholeNumbers(ROWS * columns, 3, 2)),
  columns,
});
const numbers = (columns: number): SampleTargets => ({
  task: "regression",
  values: normals(ROWS * columns, 5, 7),
  columns,
});
const WEIGHTS = [1, 0, 2, 0.5, 1, 1, 3, 0, 1];

const classes = (count: number): SampleTargets => ({
  task: "classification",
  values: Uint8Array.from({ length: ROWS }, (_, row) => row * 7 % count),
  columns: 1,
});

const PROBLEMS: Readonly<Record<string, Problem>> = {
  binary: { targets: yesAndNo(1, "binary"), outputs: 1, positiveWeight: 2.5 },
  "binary with weights of rows": { targets: yesAndNo(1, "binary"), outputs: 1, weights: WEIGHTS },
  "classification with weights of rows": { targets: classes(3), outputs: 3, weights: WEIGHTS },
  "multi-label": { targets: yesAndNo(4, "multi-label"), outputs: 4, positiveWeight: 0.5 },
  regression: { targets: numbers(1), outputs: 1 },
  "regression of several, with weights": { targets: numbers(3), outputs: 3, weights: WEIGHTS },
  "regression with Huber's loss": { targets: numbers(2), outputs: 2, huber: 0.5 },
};

/** x, a layer of four with tanh, then the outputs; all in float64, from the definition. */
function definedLoss(
  { targets: { task, values, columns }, outputs, positiveWeight = 1, huber = 0, weights }: Problem,
  x: Float32Array,
  tensors: ReadonlyMap<string, Float64Array>,
): number {
  const [w0, b0, w1, b1] = ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"]
    .map((name) => tensors.get(name)!);
  const mean = Array.from({ length: columns }, (_, j) => {
    let sum = 0;
    for (let i = j; i < values.length; i += columns) sum += values[i];
    return sum / ROWS;
  });
  const std = mean.map((mean, j) => {
    let sum = 0;
    for (let i = j; i < values.length; i += columns) sum += (values[i] - mean) ** 2;
    return Math.sqrt(sum / ROWS);
  });
  const meanWeight = (weights ?? [1]).reduce((a, b) => a + b) / (weights?.length ?? 1);
  let loss = 0;
  for (let i = 0; i < ROWS; i++) {
    const hidden = Array.from({ length: 4 }, (_, h) => {
      let sum = b0[h];
      for (let j = 0; j < 3; j++) sum += x[3 * i + j] * w0[4 * j + h];
      return Math.tanh(sum);
    });
    const weight = (weights?.[i] ?? 1) / meanWeight;
    if (task === "classification") {
      const logits = Array.from({ length: outputs }, (_, o) => {
        let z = b1[o];
        for (let h = 0; h < 4; h++) z += hidden[h] * w1[outputs * h + o];
        return z;
      });
      const sum = logits.reduce((sum, z) => sum + Math.exp(z), 0);
      loss += weight * (Math.log(sum) - logits[values[i]]) / ROWS;
      continue;
    }
    for (let o = 0; o < columns; o++) {
      let z = b1[o];
      for (let h = 0; h < 4; h++) z += hidden[h] * w1[columns * h + o];
      const value = values[columns * i + o];
      let term;
      if (task !== "regression") {
        term = value === 1 ? positiveWeight * Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
      } else {
        const d = Math.abs(z - Math.fround((value - mean[o]) / std[o]));
        if (huber === 0) term = d * d;
        else term = d <= huber ? d * d / 2 : huber * (d - huber / 2);
      }
      loss += weight * term / columns / ROWS;
    }
  }
  return loss;
}

async function backpropagate(
  backend: Backend,
  problem: Problem,
  network: Network,
  tensors: ReadonlyMap<string, Values>,
  x: Float32Array,
) {
  const { targets, outputs, positiveWeight = 1, huber = 0, distance, weights } = problem;
  const task = TASKS[targets.task];
  const rows = allRows(ROWS);
  const map = task.fit(targets, rows);
  using sequential = new Sequential(backend, network, tensors);
  const buffers = sequential.batchBuffers(ROWS, true);
  const parameters = sequential.parameters([]);
  const given = weights ? Float32Array.from(weights) : null;
  const uploaded = uploadTargets(backend, (buffer) => buffer, ROWS, targets, given, map);
  const allocate = (rows: number, columns: number) => backend.allocate(rows, columns);
  const options = {
    labelSmoothing: 0,
    classWeights: "none",
    positiveWeight,
    huber,
    distance,
  } as const;
  const loss = task.loss({ backend, allocate, uploaded, rows, outputs }, options);
  const order = backend.allocateOrder(ROWS);
  backend.writeOrder(order, rows);
  const losses = backend.allocate(ROWS, 1);
  backend.write(buffers.x as Matrix, x);
  loss.prepare(order, 0, ROWS);
  sequential.forward(buffers);
  loss.take(buffers, losses, order, 0);
  sequential.backward(buffers);
  const sum = (await backend.read(losses)).reduce((sum, value) => sum + value, 0);
  const gradients = new Map<string, Values>();
  for (const { name, gradient } of parameters) gradients.set(name, await backend.read(gradient));
  return { loss: loss.mean(sum, 0), gradients };
}

for (const [what, problem] of Object.entries(PROBLEMS)) {
  const network = new Network({
    shape: [3],
    element: "float32",
    inputMap: { scale: 1, offset: 0 },
    layers: ["dense 4", "tanh"],
    outputs: problem.outputs,
  });
  const tensors = new Map(
    network.tensors.map(({ name, length }, i) => [name, normals(length, 20 + i, 0.7)]),
  );
  const x = normals(ROWS * 3, 9);
  for (const [name, [, reason]] of Object.entries(BACKENDS)) {
    testUnless(reason, `gradients are finite differences: ${what}, ${name}`, async () => {
      const backend = await made[name]();
      const { loss, gradients } = await backpropagate(backend, problem, network, tensors, x);
      const flat = new Map([...tensors].map(([name, values]) => [name, Float64Array.from(values)]));
      // Some ten kernels of at most 15 roundings, of values of at most eight.
      const tolerance = 10 * 15 * U * 8;
      const wanted = definedLoss(problem, x, flat);
      assert(Math.abs(loss - wanted) <= tolerance, `loss ${loss} for ${wanted}`);
      for (const [tensor, values] of flat) {
        for (let i = 0; i < values.length; i++) {
          const at = values[i];
          values[i] = at + STEP;
          const above = definedLoss(problem, x, flat);
          values[i] = at - STEP;
          const slope = (above - definedLoss(problem, x, flat)) / (2 * STEP);
          values[i] = at;
          const gradient = gradients.get(tensor)![i];
          assert(Math.abs(gradient - slope) <= tolerance, `${tensor}, ${i}: ${gradient}, ${slope}`);
        }
      }
    });
  }
}
