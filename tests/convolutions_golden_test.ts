/**
 * Networks with convolutions against PyTorch's, which computed in float64 (golden/make_convolutions.py): gradients, ten steps,
 * and the network that is used; tensors under PyTorch's names, in its shapes and order. Tolerances are roundings of float32,
 * counted.
 */
import assert from "node:assert/strict";
import golden from "./golden/convolutions.json" with { type: "json" };
import type { Backend } from "../lib/backend/mod.ts";
import { type BackendOptions, createBackend } from "../lib/backends/mod.ts";
import { allRows } from "../lib/dataset/batches.ts";
import { fromFile, toFile } from "../lib/model/tensor_layout.ts";
import { Network } from "../lib/nn/network.ts";
import { DefinedOptimizer } from "../lib/nn/optimizers/definition.ts";
import { sgd } from "../lib/nn/optimizers/sgd.ts";
import { Sequential } from "../lib/nn/sequential.ts";
import type { Values } from "../lib/nn/tensors.ts";
import { NO_ADAPTER, shared } from "./adapter.ts";
import { testUnless } from "./cli.ts";
import { U } from "./conformance/tolerance.ts";

const BACKENDS: Readonly<Record<string, readonly [BackendOptions, string | null]>> = {
  reference: [{ backend: "reference" }, null],
  "wasm strict": [{ backend: "wasm", simd: "strict" }, null],
  "wasm auto": [{ backend: "wasm" }, null],
  webgpu: [{ backend: "webgpu" }, NO_ADAPTER],
};

/**
 * A pass has at most 12 kernels of sums of at most 432 terms (positions of all images), on values below 4, which normalizations
 * multiply by up to 4. Ten steps of a rate of 0.05 add half of that to what they begin with, and carry it on.
 */
const GRADIENT_TOLERANCE = 12 * 432 * 4 * U;
const TRAINING_TOLERANCE = 2 * GRADIENT_TOLERANCE;

type Golden = typeof golden.cases[number];

function requireClose(
  what: string,
  is: ArrayLike<number>,
  wanted: readonly number[],
  most: number,
) {
  assert.equal(is.length, wanted.length, what);
  wanted.forEach((value, i) => {
    assert(Math.abs(is[i] - value) <= most, `${what}, ${i}: ${is[i]} for ${value}`);
  });
}

function requireTensors(
  network: Network,
  read: ReadonlyMap<string, Values>,
  wanted: Readonly<Record<string, readonly number[] | undefined>>,
  most: number,
) {
  for (const [name, values] of Object.entries(wanted)) {
    const tensor = network.tensors.find((it) => it.name === name);
    assert(tensor, `there is no ${name}`);
    requireClose(name, toFile(tensor, read.get(name)!), values!, most);
  }
}

async function check(backend: Backend, case_: Golden) {
  const { rows, classes, shape, learningRate } = case_;
  const layers = case_.layers.split(", ");
  const described = new Network({ shape, layers, outputs: classes });
  const initial = case_.initial as unknown as Record<string, readonly number[] | undefined>;
  const tensors = new Map(described.initial(() => () => NaN));
  for (const tensor of described.tensors) {
    const values = initial[tensor.name];
    if (values) tensors.set(tensor.name, fromFile(tensor, Float32Array.from(values)));
  }
  using network = new Sequential(backend, described, tensors);
  const buffers = network.batchBuffers(rows, true);
  const optimizer = new DefinedOptimizer(sgd, { l1: 0, l2: 0 });
  const parameters = network.parameters(optimizer.slots);
  const labels = backend.allocateBytes(rows, 1);
  backend.write(labels, Uint8Array.from(case_.labels));
  const order = backend.allocateOrder(rows);
  backend.writeOrder(order, allRows(rows));
  const losses = backend.allocate(rows, 1);
  const pixels = Uint8Array.from(case_.pixels);
  for (const [step, wanted] of case_.losses.entries()) {
    backend.write(buffers.x, pixels);
    network.forward(buffers, step);
    backend.softmaxCrossEntropy(buffers.dLogits, losses, buffers.logits, labels, order, 0);
    network.backward(buffers, step);
    if (step === 0) {
      const gradients = new Map<string, Values>();
      for (const { name, gradient } of parameters) {
        gradients.set(name, await backend.read(gradient));
      }
      requireTensors(described, gradients, { ...case_.gradients }, GRADIENT_TOLERANCE);
    }
    const number = step + 1;
    optimizer.step(backend, parameters, { number, learningRate, batchRows: rows, scale: null });
    const mean = (await backend.read(losses)).reduce((a, b) => a + b, 0) / rows;
    assert(Math.abs(mean - wanted) <= TRAINING_TOLERANCE, `step ${step}: ${mean} for ${wanted}`);
  }
  const trained = await network.read();
  requireTensors(described, trained, { ...case_.trained }, TRAINING_TOLERANCE);
  using model = new Sequential(backend, described.folded, described.fold(trained));
  const evaluation = model.batchBuffers(rows, false);
  backend.write(evaluation.x, pixels);
  const logits = await backend.read(model.forward(evaluation));
  requireClose("logits", logits, case_.logits, TRAINING_TOLERANCE);
}

for (const [name, [options, reason]] of Object.entries(BACKENDS)) {
  const make = shared(() => createBackend(options));
  for (const case_ of golden.cases) {
    testUnless(reason, `${name}: training "${case_.layers}" is PyTorch's`, async () => {
      await check(await make(), case_);
    });
  }
}
