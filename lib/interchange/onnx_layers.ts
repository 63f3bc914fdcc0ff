/**
 * What each kind of layer becomes in an ONNX file. Rows are flat, as a model takes them; before the first layer that takes images
 * they become [N, height, width, channels] and then, as ONNX has them, [N, channels, height, width].
 */
import { WeftError } from "../errors.ts";
import type { Activation } from "../nn/activations.ts";
import type { Network, NetworkLayer } from "../nn/network.ts";
import type { Initializer, Node } from "./onnx_messages.ts";

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

/** Constants that the nodes of a network's layers take, besides its parameters. */
export function layerConstants({ layers }: Network): readonly Initializer[] {
  return layers.some(({ text }) => text === "gelu") ? GELU_CONSTANTS : [];
}

type Make = (layer: NetworkLayer, y: string, x: string) => Node[];

/** By the first word of how a layer is written; an activation by its own name. */
const LAYER_NODES: Readonly<Record<string, Make>> = {
  // x W + b, whose weight lies transposed.
  dense: ({ name }, y, x) => [{
    operator: "Gemm",
    inputs: [x, `${name}.weight`, `${name}.bias`],
    output: y,
    attributes: { transB: { int: 1 } },
  }],
  conv: convNodes,
  pool: poolNodes("MaxPool"),
  "avg-pool": poolNodes("AveragePool"),
  "global-average": (_, y, x) => [
    { operator: "GlobalAveragePool", inputs: [x], output: `${y}.mean` },
    flattenNode(y, `${y}.mean`),
  ],
  ...Object.fromEntries(
    Object.entries(ACTIVATION_NODES).map(([kind, make]) => [kind, (_, y, x) => make(y, x)]),
  ),
};

function flattenNode(y: string, x: string): Node {
  return { operator: "Flatten", inputs: [x], output: y, attributes: { axis: { int: 1 } } };
}

function convNodes({ name, layer }: NetworkLayer, y: string, x: string): Node[] {
  const shape = layer.convolution!;
  const { kernelHeight, kernelWidth, stride, groups, padTop, padLeft } = shape;
  // What the last position takes beyond the image; a window that does not reach its end takes none.
  const after = (out: number, window: number, before: number, length: number) =>
    Math.max(0, (out - 1) * stride + window - before - length);
  const below = after(shape.outHeight, kernelHeight, padTop, shape.height);
  const right = after(shape.outWidth, kernelWidth, padLeft, shape.width);
  return [{
    operator: "Conv",
    inputs: [x, `${name}.weight`, `${name}.bias`],
    output: y,
    attributes: {
      kernel_shape: { ints: [kernelHeight, kernelWidth] },
      strides: { ints: [stride, stride] },
      pads: { ints: [padTop, padLeft, below, right] },
      group: { int: groups },
    },
  }];
}

function poolNodes(operator: string): Make {
  return ({ layer: { pool } }, y, x) => [{
    operator,
    inputs: [x],
    output: y,
    attributes: { kernel_shape: { ints: pool!.window }, strides: { ints: pool!.window } },
  }];
}

/** Rows of `x` as images with their channels first. */
function imageNodes(shape: readonly number[], y: string, x: string): Node[] {
  const [height, width, channels] = shape;
  // Of one channel both orders are the same. A length of 0 is the one that it was.
  const reshaped = channels === 1 ? [0, 1, height, width] : [0, height, width, channels];
  const last = channels === 1 ? y : `${y}.rows`;
  return [
    {
      operator: "Constant",
      inputs: [],
      output: `${y}.shape`,
      attributes: { value_ints: { ints: reshaped } },
    },
    { operator: "Reshape", inputs: [x, `${y}.shape`], output: last },
    ...(channels === 1 ? [] : [{
      operator: "Transpose",
      inputs: [last],
      output: y,
      attributes: { perm: { ints: [0, 3, 1, 2] } },
    }]),
  ];
}

/**
 * The nodes of all layers, and what the last one gives.
 *
 * @param input the flat rows
 * @throws {WeftError} where a layer has no nodes here
 */
export function layerNodes(
  { layers }: Network,
  input: string,
): { readonly nodes: Node[]; readonly output: string } {
  const nodes: Node[] = [];
  let [x, name, more, isImage] = [input, "", 0, false];
  for (const layer of layers) {
    const [word] = layer.text.split(" ");
    more = layer.name ? 0 : more + 1;
    name = layer.name || name;
    const y = `${name}.${more === 0 ? "linear" : more === 1 ? "output" : `output${more}`}`;
    if (word === "flatten") {
      if (!isImage) continue;
      nodes.push(flattenNode(y, x));
      [x, isImage] = [y, false];
      continue;
    }
    const make = LAYER_NODES[word];
    if (!make) {
      throw new WeftError(
        `Cannot export the model as ONNX: it has the layer "${layer.text}", which this Weft does not write; ` +
          "export it as safetensors",
      );
    }
    if (layer.kind.takesImages && !isImage) {
      nodes.push(...imageNodes(layer.input, "images", x));
      [x, isImage] = ["images", true];
    }
    nodes.push(...make(layer, y, x));
    x = y;
    if (word === "global-average") isImage = false;
  }
  return { nodes, output: x };
}
