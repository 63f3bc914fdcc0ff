/**
 * Layers and losses against PyTorch's, which computed in float64 (golden/make_layers.py); tolerances are roundings of
 * float32, counted.
 */
import assert from "node:assert/strict";
import golden from "../golden/layers.json" with { type: "json" };
import type { Backend, Matrix } from "../../lib/backend/mod.ts";
import { type BackendOptions, createBackend } from "../../lib/backends/mod.ts";
import { NORM_EPSILON, NORM_MOMENTUM } from "../../lib/nn/layers/batch_norm.ts";
import { Network } from "../../lib/nn/network.ts";
import { DefinedOptimizer } from "../../lib/nn/optimizers/definition.ts";
import { sgd } from "../../lib/nn/optimizers/sgd.ts";
import { Sequential } from "../../lib/nn/sequential.ts";
import { tensorsOf } from "../../lib/nn/tensors.ts";
import { TrainingLoss } from "../../lib/task/cross_entropy_loss.ts";
import { allRows } from "../../lib/dataset/batches.ts";
import { NO_ADAPTER, shared } from "../backends/adapter.ts";
import { testUnless } from "../support/cli.ts";
import { GELU, U } from "../conformance/tolerance.ts";

const BACKENDS: Readonly<Record<string, readonly [BackendOptions, string | null]>> = {
  reference: [{ backend: "reference" }, null],
  "wasm strict": [{ backend: "wasm", simd: "strict" }, null],
  "wasm auto": [{ backend: "wasm" }, null],
  webgpu: [{ backend: "webgpu" }, NO_ADAPTER],
};

/**
 * Chains of at most 40 operations (sums of 8 rows, a root, a quotient, an exponential of error 2 U and what joins them) on
 * values of at most 16; of a whole training, six steps of 60 such on values of at most 4, each of which takes the errors of
 * those before through factors below 2 (a rate of 0.1).
 */
const KERNEL_TOLERANCE = 40 * 16 * U;
const TRAINING_TOLERANCE = 6 * 60 * 4 * 2 * U;

async function requireClose(
  what: string,
  backend: Backend,
  matrix: Matrix,
  expected: readonly number[],
  tolerance = KERNEL_TOLERANCE,
): Promise<void> {
  requireAll(what, await backend.read(matrix), expected, tolerance);
}

function requireAll(
  what: string,
  values: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
): void {
  assert.equal(values.length, expected.length, what);
  expected.forEach((wanted, i) => {
    const off = Math.abs(values[i] - wanted);
    assert(off <= tolerance, `${what} ${i}: ${values[i]} for ${wanted}, off by ${off}`);
  });
}

/** A matrix that holds `values`. */
function matrixOf(backend: Backend, rows: number, values: readonly number[]): Matrix {
  const matrix = backend.allocate(rows, values.length / rows);
  backend.write(matrix, Float32Array.from(values));
  return matrix;
}

for (const [name, [options, reason]] of Object.entries(BACKENDS)) {
  const make = shared(() => createBackend(options));
  const test = (sentence: string, check: (backend: Backend) => Promise<void>) =>
    testUnless(reason, `${name}: ${sentence} is PyTorch's`, async () => await check(await make()));

  test("gelu", async (backend) => {
    const x = matrixOf(backend, 1, golden.gelu.x);
    const y = backend.allocate(1, golden.gelu.x.length);
    backend.activation("gelu", y, x);
    const values = await backend.read(y);
    golden.gelu.y.forEach((wanted, i) => {
      // Below 0 PyTorch's own 1 + erf(x) cancels.
      const ofPyTorch = 2 ** -52 * Math.abs(golden.gelu.x[i]);
      const off = Math.abs(values[i] - wanted);
      assert(off <= (GELU + U) * Math.abs(wanted) + ofPyTorch, `gelu of ${golden.gelu.x[i]}`);
    });
    backend.activationGradient("gelu", y, matrixOf(backend, 1, golden.gelu.x.map(() => 1)), x);
    await requireClose("gradient", backend, y, golden.gelu.dx, 1.2 * (GELU + 3 * U));
  });

  test("batch normalization, in training and after it,", async (backend) => {
    const { rows, columns, ...case_ } = golden.batchNorm;
    const [x, dy] = [matrixOf(backend, rows, case_.x), matrixOf(backend, rows, case_.dy)];
    const [weight, bias] = [case_.weight, case_.bias].map((v) => matrixOf(backend, 1, v));
    const running = matrixOf(backend, 2, case_.running);
    const [y, statistics] = [backend.allocate(rows, columns), backend.allocate(2, columns)];
    const [dweight, dbias] = [backend.allocate(1, columns), backend.allocate(1, columns)];
    const [momentum, epsilon] = [NORM_MOMENTUM, NORM_EPSILON];
    backend.batchNormForward(y, statistics, running, x, weight, bias, momentum, epsilon);
    backend.batchNormBackward(dy, dweight, dbias, dy, x, statistics, weight);
    await requireClose("y", backend, y, case_.y);
    await requireClose("running", backend, running, case_.runningAfter);
    await requireClose("dx", backend, dy, case_.dx);
    await requireClose("dweight", backend, dweight, case_.dweight);
    await requireClose("dbias", backend, dbias, case_.dbias);

    // Folded into a layer that passes its input on.
    const identity = Float32Array.from(
      { length: columns ** 2 },
      (_, i) => +(i % (columns + 1) === 0),
    );
    const after = await backend.read(running);
    const layers = [`dense ${columns}`, "batch-norm"];
    const folded = new Network({ shape: [columns], layers, outputs: 1 }).fold(
      new Map([
        ["layers.0.weight", identity],
        ["layers.0.bias", new Float32Array(columns)],
        ["layers.0.norm.weight", Float32Array.from(case_.weight)],
        ["layers.0.norm.bias", Float32Array.from(case_.bias)],
        ["layers.0.norm.running_mean", after.slice(0, columns)],
        ["layers.0.norm.running_var", after.slice(columns)],
      ]),
    );
    backend.gemm(y, x, matrixOf(backend, columns, [...folded.get("layers.0.weight")!]));
    backend.addBias(y, y, matrixOf(backend, 1, [...folded.get("layers.0.bias")!]));
    await requireClose("evaluated", backend, y, case_.evaluated);
  });

  golden.crossEntropy.forEach(({ rows, classes, smoothing, ...case_ }, number) => {
    test(`cross-entropy ${number + 1}, with a smoothing of ${smoothing},`, async (backend) => {
      const labels = backend.allocateBytes(rows, 1);
      backend.write(labels, Uint8Array.from(case_.labels));
      const order = backend.allocateOrder(rows);
      backend.writeOrder(order, allRows(rows));
      const logits = matrixOf(backend, rows, case_.logits);
      const [losses, weightSum] = [backend.allocate(rows, 1), backend.allocate(1, 1)];
      const classWeights = matrixOf(backend, 1, case_.weights);
      backend.sumClassWeights(weightSum, classWeights, labels, order, 0, rows);
      const dLogits = backend.allocate(rows, classes);
      const given = [labels, order, 0, classWeights, weightSum, smoothing] as const;
      backend.weightedCrossEntropy(dLogits, losses, logits, ...given);
      await requireClose("gradient", backend, dLogits, case_.dLogits);
      const sum = (await backend.read(losses)).reduce((a, b) => a + b, 0);
      const [weight] = await backend.read(weightSum);
      assert(Math.abs(sum / weight - case_.loss) <= KERNEL_TOLERANCE, `${sum / weight}`);
    });
  });

  test("training with batch normalization, gelu, smoothing and weights", async (backend) => {
    const { rows, sizes, ...case_ } = golden.training;
    const [inputs, ...widths] = sizes;
    const layers = widths.slice(0, -1).flatMap((width) => [`dense ${width}`, "batch-norm", "gelu"]);
    const described = new Network({ shape: [inputs], layers, outputs: widths.at(-1)! });
    const initial = tensorsOf(case_.initial.map((weights, l) => ({
      weights: Float32Array.from(weights),
      bias: new Float32Array(widths[l]),
    })));
    const tensors = new Map([...described.initial(() => () => 0), ...initial]);
    using network = new Sequential(backend, described, tensors);
    const buffers = network.batchBuffers(rows, true);
    const optimizer = new DefinedOptimizer(sgd, { l1: 0, l2: 0 });
    const parameters = network.parameters(optimizer.slots);
    const labels = backend.allocateBytes(2 * rows, 1);
    backend.write(labels, Uint8Array.from(case_.labels));
    const order = backend.allocateOrder(2 * rows);
    backend.writeOrder(order, allRows(2 * rows));
    const losses = backend.allocate(2 * rows, 1);
    const config = { labelSmoothing: case_.smoothing, classWeights: case_.classWeights };
    const allocate = (rows: number, columns: number) => backend.allocate(rows, columns);
    const labelValues = Uint8Array.from(case_.labels);
    const all = allRows(2 * rows);
    const loss = new TrainingLoss(backend, allocate, config, labels, labelValues, all, 3);

    for (const [step, wanted] of case_.losses.entries()) {
      const start = step % 2 * rows;
      const pixels = case_.pixels.slice(start * inputs, (start + rows) * inputs);
      backend.write(buffers.x, Uint8Array.from(pixels));
      loss.prepare(order, start, rows);
      network.forward(buffers, step);
      loss.take(buffers, losses, order, start);
      network.backward(buffers, step);
      optimizer.step(backend, parameters, {
        number: 0,
        learningRate: case_.learningRate,
        batchRows: rows,
        scale: null,
      });
      const batch = (await backend.read(losses)).slice(start, start + rows);
      const weight = case_.labels.slice(start, start + rows)
        .reduce((sum, label) => sum + case_.classWeights[label], 0);
      const mean = batch.reduce((a, b) => a + b, 0) / weight;
      assert(Math.abs(mean - wanted) <= TRAINING_TOLERANCE, `step ${step}: ${mean} for ${wanted}`);
    }

    const trained = await network.read();
    const requireTensor = (name: string, expected: readonly number[]) =>
      requireAll(name, trained.get(name)!, expected, TRAINING_TOLERANCE);
    case_.weights.forEach((weights, l) => requireTensor(`layers.${l}.weight`, weights));
    case_.norms.forEach((norm, l) =>
      ["weight", "bias", "running_mean", "running_var"].forEach((name, i) =>
        requireTensor(`layers.${l}.norm.${name}`, norm[i])
      )
    );

    using model = new Sequential(backend, described.folded, described.fold(trained));
    const evaluation = model.batchBuffers(2 * rows, false);
    backend.write(evaluation.x, Uint8Array.from(case_.pixels));
    await requireClose(
      "logits",
      backend,
      model.forward(evaluation),
      case_.logits,
      TRAINING_TOLERANCE,
    );
  });
}
