/** What an ONNX file holds; that onnxruntime computes with it is tested in tests/model/onnx_test.ts. */

import assert from "node:assert/strict";
import type { Model } from "../model/model.ts";
import { modelMetadata, modelTensors } from "../model/model_file.ts";
import { type Activation, ACTIVATIONS } from "../nn/activations.ts";
import { layerShapes } from "../../tests/support/networks.ts";
import { encodeOnnx } from "./onnx.ts";

/** The values of a message's fields by number, in their order. */
type Message = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** Reads the kinds of field that files of ONNX have. */
function read(bytes: Uint8Array): Message {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let offset = 0;
  const varint = (): number => {
    let value = 0;
    for (let unit = 1;; unit *= 128) {
      const byte = bytes[offset++];
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => bytes.subarray(offset, offset += length);
  while (offset < bytes.length) {
    const tag = varint();
    const kind = tag % 8;
    assert([0, 2, 5].includes(kind), `kind ${kind}`);
    const value = kind === 0 ? varint() : take(kind === 5 ? 4 : varint());
    fields.set(tag >> 3, [...fields.get(tag >> 3) ?? [], value]);
  }
  assert.equal(offset, bytes.length);
  return fields;
}

function messages(message: Message, field: number): Message[] {
  return (message.get(field) ?? []).map((bytes) => read(bytes as Uint8Array));
}

function texts(message: Message, field: number): string[] {
  return (message.get(field) ?? []).map((bytes) => new TextDecoder().decode(bytes as Uint8Array));
}

function modelWith(hidden: readonly number[], activation: Activation): Model {
  const architecture = { inputs: 6, hidden, outputs: 3, activation };
  return {
    architecture,
    parameters: layerShapes(architecture).map(([inputs, outputs]) => ({
      weights: Float32Array.from({ length: inputs * outputs }, (_, i) => i),
      bias: new Float32Array(outputs).fill(0.5),
    })),
    height: 2,
    width: 3,
    inputScale: 1 / 255,
    classNames: ["바지", "b", 'c"'],
    preset: "p",
  };
}

/** The nodes of a graph: `output = Operator(input, ...)`. */
function nodesOf(file: Message): string[] {
  const [graph] = messages(file, 7);
  return messages(graph, 1).map((node) =>
    `${texts(node, 2)} = ${texts(node, 4)}(${texts(node, 1).join(", ")})`
  );
}

Deno.test("a network without hidden layers is one product", () => {
  assert.deepEqual(nodesOf(read(encodeOnnx(modelWith([], "relu")))), [
    "input = Cast(pixels)",
    "layers.0.linear = Gemm(input, layers.0.weight, layers.0.bias)",
    "probabilities = Softmax(layers.0.linear)",
  ]);
});

Deno.test("each hidden layer has its product and its activation", () => {
  const operators = { sigmoid: "Sigmoid", relu: "Relu", tanh: "Tanh", "leaky-relu": "LeakyRelu" };
  for (const activation of ACTIVATIONS) {
    if (activation === "gelu") continue;
    assert.deepEqual(nodesOf(read(encodeOnnx(modelWith([4, 5], activation)))), [
      "input = Cast(pixels)",
      "layers.0.linear = Gemm(input, layers.0.weight, layers.0.bias)",
      `layers.0.output = ${operators[activation]}(layers.0.linear)`,
      "layers.1.linear = Gemm(layers.0.output, layers.1.weight, layers.1.bias)",
      `layers.1.output = ${operators[activation]}(layers.1.linear)`,
      "layers.2.linear = Gemm(layers.1.output, layers.2.weight, layers.2.bias)",
      "probabilities = Softmax(layers.2.linear)",
    ]);
  }
});

Deno.test("gelu is five operators that every reader has, and three constants", () => {
  const file = read(encodeOnnx(modelWith([4], "gelu")));
  const y = "layers.0.output";
  assert.deepEqual(nodesOf(file).slice(2, -2), [
    `${y}.scaled = Mul(layers.0.linear, gelu.scale)`,
    `${y}.erf = Erf(${y}.scaled)`,
    `${y}.sum = Add(${y}.erf, gelu.one)`,
    `${y}.product = Mul(layers.0.linear, ${y}.sum)`,
    `${y} = Mul(${y}.product, gelu.half)`,
  ]);
  assert.equal(messages(messages(file, 7)[0], 5).length, 4 + 3);
});

Deno.test("no product is scaled by an attribute, which some readers ignore: the first weights are", () => {
  const [graph] = messages(read(encodeOnnx(modelWith([4], "tanh"))), 7);
  const gemms = messages(graph, 1).filter((node) => texts(node, 4)[0] === "Gemm");
  const attributes = gemms.map((node) => messages(node, 5).flatMap((a) => texts(a, 1)));
  assert.deepEqual(attributes, [["transB"], ["transB"]]);
});

Deno.test("parameters and metadata are those of the safetensors file, the first weights scaled", () => {
  const model = modelWith([4], "sigmoid");
  const file = read(encodeOnnx(model));
  const [graph] = messages(file, 7);
  assert.deepEqual(
    messages(graph, 5).map((tensor) => ({
      name: texts(tensor, 8)[0],
      shape: tensor.get(1),
      data: new Float32Array((tensor.get(9) as [Uint8Array])[0].slice().buffer),
    })),
    modelTensors(model).map(({ data, ...tensor }, i) => ({
      ...tensor,
      data: i === 0 ? data.map((value) => value / 255) : data,
    })),
  );
  const metadata = messages(file, 14).map((entry) => [texts(entry, 1)[0], texts(entry, 2)[0]]);
  assert.deepEqual(Object.fromEntries(metadata), modelMetadata(model));
  assert.deepEqual(JSON.parse(Object.fromEntries(metadata).classNames), model.classNames);
});

Deno.test("the versions are those that the file says: operators 13, format 7", () => {
  const file = read(encodeOnnx(modelWith([], "relu")));
  assert.deepEqual(file.get(1), [7]);
  assert.deepEqual(messages(file, 8).map((set) => [texts(set, 1), set.get(2)]), [[[""], [13]]]);
});

Deno.test("a model that no file can hold is refused in one line", () => {
  const architecture = { ...modelWith([], "relu").architecture, inputs: 2 ** 30 };
  assert.throws(() => encodeOnnx({ ...modelWith([], "relu"), architecture }), {
    name: "WeftError",
    message:
      /^Cannot export the model as ONNX: its 3221225475 parameters .* export it as safetensors$/,
  });
});
