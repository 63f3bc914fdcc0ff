/**
 * A model as an ONNX file, which onnxruntime and others run without Weft.
 *
 * Input: `pixels`, uint8 [N, inputs], row-major images as Weft takes them: bytes, not scaled. The
 * scale is inside the graph, so that nobody can forget it or apply it twice; a float32 input would
 * take images from 0 to 1 without a word. Of a model on float32 features the input is `features`, float32 [N, inputs],
 * as they are; of a model of a table each of its columns, see onnx_columns.ts. Output: `probabilities`, float32 [N, classes], whose
 * rows add up to 1; of binary and multi-label tasks those of yes, [N, 1] or [N, labels], each by itself; of regression
 * `predictions`, float32 [N, targets], in their own unit. N is chosen by each call. Parameters have the names and shapes of the
 * safetensors file: `layers.0.weight` [outputs, inputs], `layers.0.bias` [outputs], and the metadata
 * are its metadata: `classNames` (JSON array), `height`, `width` and the others. Their values are its
 * values too, but for `layers.0.weight`, which has been multiplied by `inputScale`.
 *
 *     pixels -> Cast -> (Gemm -> activation) x hidden layers -> Gemm -> Softmax -> probabilities
 *
 * The scale lies in the first weights and in no attribute: some readers, OpenCV among them, ignore a Gemm's `alpha` without a
 * word. Bytes are exact in float32 and weights are rounded once, so that is as exact as scaling the product.
 */

import { WeftError } from "../errors.ts";
import { inputOf, type Model } from "../model/model.ts";
import { modelMetadata, modelTensors } from "../model/model_file.ts";
import type { NamedTensor } from "../model/safetensors.ts";
import type { Activation } from "../nn/activations.ts";
import { Network, type NetworkLayer } from "../nn/network.ts";
import { columnGraph, TEXT_OPERATORS } from "./onnx_columns.ts";
import { FLOAT, type Initializer, modelProto, type Node, UINT8 } from "./onnx_messages.ts";
import { encodeMessage } from "./protobuf.ts";

/**
 * The oldest operators of today's meaning (Softmax over the last axis came with 13), and the format
 * of that time: onnxruntime 1.6 of 2020 and everything since read them.
 */
const OPSET = 13;
const IR_VERSION = 7;

/** What readers of Protocol Buffers accept in one message; larger models would need more files. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/**
 * The nodes that compute each activation, y = activation(x). Where an activation takes more than
 * one, values between are to be named after `y`, which is unique.
 */
const ACTIVATION_NODES: Readonly<Record<Activation, (y: string, x: string) => Node[]>> = {
  sigmoid: (y, x) => [{ operator: "Sigmoid", inputs: [x], output: y }],
  relu: (y, x) => [{ operator: "Relu", inputs: [x], output: y }],
  tanh: (y, x) => [{ operator: "Tanh", inputs: [x], output: y }],
  "leaky-relu": (y, x) => [
    // Slope 0.01 is the operator's default; written out for readers that do not know it.
    { operator: "LeakyRelu", inputs: [x], output: y, attributes: { alpha: { float: 0.01 } } },
  ],
  gelu: geluNodes,
};

/** Constants of `geluNodes`. */
const GELU_CONSTANTS: readonly Initializer[] = Object.entries({
  "gelu.scale": Math.SQRT1_2,
  "gelu.one": 1,
  "gelu.half": 0.5,
}).map(([name, value]) => ({ name, shape: [], data: Float32Array.of(value) }));

/** x (erf(x / sqrt 2) + 1) / 2: an operator of its own came with opset 20, which fewer read. */
function geluNodes(y: string, x: string): Node[] {
  return [
    { operator: "Mul", inputs: [x, "gelu.scale"], output: `${y}.scaled` },
    { operator: "Erf", inputs: [`${y}.scaled`], output: `${y}.erf` },
    { operator: "Add", inputs: [`${y}.erf`, "gelu.one"], output: `${y}.sum` },
    { operator: "Mul", inputs: [x, `${y}.sum`], output: `${y}.product` },
    { operator: "Mul", inputs: [`${y}.product`, "gelu.half"], output: y },
  ];
}

/**
 * The bytes of an ONNX file. The same model gives the same bytes.
 *
 * @throws {WeftError} If the model is too large for the format: from 2 GiB.
 */
export function encodeOnnx(model: Model): Uint8Array<ArrayBuffer> {
  const { architecture } = model;
  const network = Network.of(architecture);
  const isFloat = inputOf(model).element === "float32";
  requireSmallEnough(network);
  const { output, nodes: head } = headOf(model);
  const initializers = [
    ...scaledTensors(model),
    ...network.layers.some(({ text }) => text === "gelu") ? GELU_CONSTANTS : [],
    ...targetConstants(model),
  ];
  const made = nodes(network, isFloat, head);
  const names = [...made.map(({ output }) => output), ...initializers.map(({ name }) => name)];
  const { preprocessing } = model;
  const columns = preprocessing
    ? columnGraph(preprocessing, "features", new Set(["features", ...names]))
    : null;
  return encodeMessage(modelProto({
    irVersion: IR_VERSION,
    opsets: { "": OPSET, ...columns ? TEXT_OPERATORS : {} },
    producer: "weft",
    description: `Multilayer perceptron. ${inputText(model)} ` +
      `${output}: float32 [N, ${architecture.outputs}]. ${
        model.targets ? "targets" : "classNames"
      } in the metadata.`,
    graph: {
      name: "mlp",
      nodes: [...columns?.nodes ?? [], ...made],
      initializers: [...columns?.initializers ?? [], ...initializers],
      inputs: columns?.inputs ?? [{
        name: isFloat ? "features" : "pixels",
        type: isFloat ? FLOAT : UINT8,
        shape: ["N", architecture.inputs],
      }],
      outputs: [{ name: output, type: FLOAT, shape: ["N", architecture.outputs] }],
    },
    metadata: modelMetadata(model),
  }));
}

function inputText(model: Model): string {
  const { element, shape } = inputOf(model);
  const { inputs } = model.architecture;
  if (model.preprocessing) {
    return "Columns of a table: numbers float32 [N, 1] (NaN: missing), categories text [N, 1], lists float32 [N, size].";
  }
  if (element === "float32") return `features: float32 [N, ${inputs}], ${shape.join(" x ")} each.`;
  if (shape[2] !== 1) return `pixels: uint8 [N, ${inputs}], ${shape.join(" x ")} bytes each.`;
  return `pixels: uint8 [N, ${inputs}], images ${model.width} wide and ${model.height} high, row by row, ` +
    "bytes from 0 to 255.";
}

/** The parameters, the first weights multiplied by the input scale. */
function scaledTensors(model: Model): NamedTensor[] {
  const [{ data, ...weight }, ...others] = modelTensors(model);
  return [{ ...weight, data: data.map((value) => value * model.inputScale) }, ...others];
}

/** What each kind of layer becomes, by the first word of how it is written; an activation by its own name. */
const LAYER_NODES: Readonly<Record<string, (layer: NetworkLayer, y: string, x: string) => Node[]>> =
  {
    // x W + b, whose weight lies transposed.
    dense: ({ name }, y, x) => [{
      operator: "Gemm",
      inputs: [x, `${name}.weight`, `${name}.bias`],
      output: y,
      attributes: { transB: { int: 1 } },
    }],
    // The input is flat from the beginning, and a dense layer's output is.
    flatten: () => [],
    ...Object.fromEntries(
      Object.entries(ACTIVATION_NODES).map(([kind, make]) => [kind, (_, y, x) => make(y, x)]),
    ),
  };

function nodes({ layers }: Network, isFloat: boolean, head: (x: string) => Node[]): Node[] {
  const nodes: Node[] = isFloat ? [] : [
    { operator: "Cast", inputs: ["pixels"], output: "input", attributes: { to: { int: FLOAT } } },
  ];
  let [x, name, more] = [isFloat ? "features" : "input", "", 0];
  for (const layer of layers) {
    const make = LAYER_NODES[layer.text.split(" ")[0]];
    if (!make) {
      throw new WeftError(
        `Cannot export the model as ONNX: it has the layer "${layer.text}", which this Weft does not write; ` +
          "export it as safetensors",
      );
    }
    more = layer.name ? 0 : more + 1;
    name = layer.name || name;
    const y = `${name}.${more === 0 ? "linear" : more === 1 ? "output" : `output${more}`}`;
    const made = make(layer, y, x);
    nodes.push(...made);
    if (made.length > 0) x = y;
  }
  return [...nodes, ...head(x)];
}

/** What becomes of the logits, by task. */
function headOf({ task = "classification" }: Model): {
  readonly output: string;
  readonly nodes: (x: string) => Node[];
} {
  if (task === "regression") {
    return {
      output: "predictions",
      nodes: (x) => [
        { operator: "Mul", inputs: [x, "targets.std"], output: "predictions.scaled" },
        { operator: "Add", inputs: ["predictions.scaled", "targets.mean"], output: "predictions" },
      ],
    };
  }
  // Softmax is over the last axis, which is what this opset's does.
  const operator = task === "classification" ? "Softmax" : "Sigmoid";
  const output = "probabilities";
  return { output, nodes: (x) => [{ operator, inputs: [x], output }] };
}

function targetConstants({ targets }: Model): Initializer[] {
  if (!targets) return [];
  return (["mean", "std"] as const).map((name) => ({
    name: `targets.${name}`,
    shape: [targets[name].length],
    data: Float32Array.from(targets[name]),
  }));
}

function requireSmallEnough({ parameterCount }: Network): void {
  // What is not parameters is some kilobytes; a mebibyte is more than enough for names.
  const bytes = parameterCount * Float32Array.BYTES_PER_ELEMENT + 2 ** 20;
  if (bytes <= MAX_FILE_BYTES) return;
  throw new WeftError(
    `Cannot export the model as ONNX: its ${parameterCount} parameters take about ` +
      `${bytes} bytes, and a file has at most ${MAX_FILE_BYTES}; export it as safetensors`,
  );
}
