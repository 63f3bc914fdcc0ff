import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../errors.ts";
import { sizeOf } from "./layer.ts";
import { inOnePass } from "./layers/norm_relu_pool.ts";
import { Network } from "./network.ts";
import { passesOn, planBuffers } from "./plan.ts";

function networkOf(layers: string, shape = [2, 3, 1]): Network {
  return new Network({ shape, layers: layers === "" ? [] : layers.split(", "), outputs: 3 });
}

Deno.test("tensors are called after the layers with weights, as files have them", () => {
  const { tensors, widths, inputTensor } = networkOf(
    "dense 5, batch-norm, relu, dropout 0.2, dense 4, tanh",
  );
  assert.deepEqual(tensors.map(({ name, length }) => `${name} ${length}`), [
    "layers.0.weight 30",
    "layers.0.bias 5",
    "layers.0.norm.weight 5",
    "layers.0.norm.bias 5",
    "layers.0.norm.running_mean 5",
    "layers.0.norm.running_var 5",
    "layers.1.weight 20",
    "layers.1.bias 4",
    "layers.2.weight 12",
    "layers.2.bias 3",
  ]);
  assert.deepEqual(widths, [6, 5, 4, 3]);
  assert.equal(inputTensor, "layers.0.weight");
});

Deno.test("a bias is trained but where a normalization follows, or where the output's is frozen", () => {
  const trained = (network: Network) =>
    network.tensors.filter(({ matrix }) => matrix.trained).map(({ name }) => name)
      .filter((name) => /layers.\d.bias/.test(name));
  const network = networkOf("dense 5, batch-norm, relu, dense 4, dropout 0.1");
  assert.deepEqual(trained(network), ["layers.1.bias", "layers.2.bias"]);
  const frozen = new Network({ ...network.spec, freezeOutputBias: true });
  assert.deepEqual(trained(frozen), ["layers.1.bias"]);
});

Deno.test("a model is what is left without what is for training: a perceptron where it is one", () => {
  const models: [layers: string, model: unknown][] = [
    ["", { hidden: [], activation: "sigmoid" }],
    ["dense 5, tanh", { hidden: [5], activation: "tanh" }],
    ["flatten, dense 5, batch-norm, relu, dropout 0.5, dense 4, relu", {
      hidden: [5, 4],
      activation: "relu",
    }],
    ["dense 5, relu, dense 4, tanh, dropout 0.2", {
      layers: ["dense 5", "relu", "dense 4", "tanh"],
    }],
    ["dense 5, batch-norm, dense 4", { layers: ["dense 5", "dense 4"] }],
    ["dense 5, relu, relu, dense 4", { layers: ["dense 5", "relu", "relu", "dense 4"] }],
    ["dense 5", { layers: ["dense 5"] }],
  ];
  for (const [layers, model] of models) {
    const { architecture } = networkOf(layers);
    const shape = "layers" in architecture ? { shape: [2, 3, 1] } : {};
    assert.deepEqual(architecture, { inputs: 6, outputs: 3, ...shape, ...model as object });
    assert.deepEqual(
      Network.of(architecture).tensors.map(({ name }) => name),
      networkOf(layers).folded.tensors.map(({ name }) => name),
    );
  }
});

Deno.test("layers that cannot stand where they stand are refused", () => {
  const refusals: [layers: string, expected: RegExp][] = [
    [
      "relu, dense 4",
      /^Cannot train with "relu" for the first layer: .*begin with dense N or, for images, conv N KxK$/,
    ],
    ["flatten, dropout 0.2, dense 4", /^Cannot train with "dropout 0.2" for the first layer/],
    ["batch-norm, dense 4", /^Cannot train with "batch-norm" for the first layer/],
    [
      "dense 4, relu, batch-norm",
      /^Cannot train with "batch-norm" after "relu": .*dense 64, batch-/,
    ],
    ["dense 4, batch-norm, batch-norm", /^Cannot train with "batch-norm" after "batch-norm"/],
  ];
  for (const [layers, message] of refusals) {
    assert.throws(() => networkOf(layers), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("nothing that backward reads is written over, and what can be in one buffer is", () => {
  const planOf = (layers: string, training: boolean) =>
    planBuffers(networkOf(layers).layers.map(({ layer }) => layer), training);
  // 6-5-4-3 as it always was: an activation is where its product was, and the same of gradients.
  assert.deepEqual(planOf("dense 5, relu, dense 4, relu", true), {
    widths: [5, 4, 3, 3, 4, 5],
    outputs: [-1, 0, 0, 1, 1, 2],
    gradients: [-1, 5, 5, 4, 4, 3],
  });
  assert.deepEqual(planOf("dense 5, relu, dense 4, relu", false), {
    widths: [5, 4, 3],
    outputs: [-1, 0, 0, 1, 1, 2],
    gradients: [],
  });
  // gelu reads its input, relu and tanh their outputs; dropout reads neither.
  assert.deepEqual(planOf("dense 5, gelu, relu, tanh, dropout 0.2, relu", true).outputs, [
    -1,
    0,
    1,
    1,
    2,
    3,
    3,
    4,
  ]);
  // Of a network that is used, nothing is read again.
  const used = planOf("dense 5, gelu, relu, tanh, dropout 0.2, relu", false);
  assert.deepEqual(used.outputs, [-1, 0, 0, 0, 0, 0, 0, 1]);
});

Deno.test("whatever the sequence, what backward reads stays until the end of the forward pass", () => {
  const layer = fc.constantFrom(
    "dense 4",
    "relu",
    "gelu",
    "tanh",
    "dropout 0.2",
    "dropout 0",
    "flatten",
  );
  fc.assert(fc.property(fc.array(layer), fc.boolean(), (layers, training) => {
    const described = networkOf(["dense 4", ...layers].join(", ")).layers.map(({ layer }) => layer);
    const { widths, outputs, gradients } = planBuffers(described, training);
    const writers = described.map((layer, i) => ({
      i,
      buffer: passesOn(layer, training) ? -1 : outputs[i],
    }));
    const isKept = (buffer: number, since: number) =>
      writers.every((writer) => writer.i <= since || writer.buffer !== buffer);
    described.forEach((layer, i) => {
      if (passesOn(layer, training)) return;
      const input = outputs[i - 1] ?? -1;
      assert.equal(widths[outputs[i]], sizeOf(layer.output));
      if (!layer.inPlace) assert.notEqual(outputs[i], input);
      if (!training) return;
      if (layer.saves === "input" && input >= 0) assert(isKept(input, i - 1), `input of ${i}`);
      if (layer.saves === "output") assert(isKept(outputs[i], i), `output of ${i}`);
      assert.equal(widths[gradients[i]], sizeOf(layer.output));
      // A gradient is never where something is that is read again.
      assert(!outputs.includes(gradients[i]));
      if (!layer.gradientInPlace && gradients[i - 1] >= 0) {
        assert.notEqual(gradients[i], gradients[i - 1]);
      }
    });
  }));
});

Deno.test("normalizing, relu and a pool of 2 are trained in one pass, their gradient over their input", () => {
  const planOf = (layers: string) => {
    const { layers: described } = networkOf(layers, [6, 6, 1]);
    const trained = inOnePass(described.map(({ layer }) => layer));
    return { trained, ...planBuffers(trained.map(({ layer }) => layer), true) };
  };
  const { trained, widths, outputs, gradients } = planOf(
    "conv 4 3x3, batch-norm, relu, pool 2, dense 5, relu",
  );
  // What the convolution gives, what the pool does, and so on; nothing lies between the two.
  assert.deepEqual(widths.slice(0, 2), [144, 36]);
  assert.deepEqual(outputs.slice(0, 5), [0, 0, 0, 1, 1]);
  assert.deepEqual(gradients.slice(0, 3), [0, 0, 0]);
  assert.deepEqual(trained.map(({ matricesOf }) => matricesOf), [0, 1, 2, 1, 4, 5, 6, 7]);
  for (
    const layers of [
      "conv 4 3x3, batch-norm, gelu, pool 2",
      "conv 4 3x3, batch-norm, relu, pool 3",
      "conv 4 3x3, batch-norm, relu, avg-pool 2",
      "conv 4 3x3, relu, pool 2",
    ]
  ) {
    const others = planOf(layers).trained;
    assert(
      others.every(({ layer, matricesOf }, l) => matricesOf === l && !layer.gradientOverInput),
    );
  }
});

Deno.test("the smallest of networks and the largest that can be held", () => {
  assert.equal(networkOf("").parameterCount, 6 * 3 + 3);
  assert.equal(networkOf("dense 5, batch-norm, relu").parameterCount, 6 * 5 + 5 + 5 * 3 + 3);
  assert.equal(networkOf("dense 5, relu").flopsOfStep(7), 7 * 2 * (2 * 30 + 3 * 15));
  assert.throws(
    () => networkOf("dense 65536, relu, dense 65536").requireAffordable(),
    /^UsageError: Cannot train a network of \d+ parameters: .* layers are 6-65536-65536-3; use smaller/,
  );
});
