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
 * Layers that take images are those of onnx_layers.ts, between a Reshape and a Flatten.
 *
 * The scale lies in the first weights and in no attribute: some readers, OpenCV among them, ignore a Gemm's `alpha` without a
 * word. Bytes are exact in float32 and weights are rounded once, so that is as exact as scaling the product.
 */

import { WeftError } from "../errors.ts";
import { inputOf, type Model } from "../model/model.ts";
import { modelMetadata, modelTensors } from "../model/model_file.ts";
import type { NamedTensor } from "../model/safetensors.ts";
import { Network } from "../nn/network.ts";
import { columnGraph, TEXT_OPERATORS } from "./onnx_columns.ts";
import { layerConstants, layerNodes } from "./onnx_layers.ts";
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
  const isConvolutional = network.layers.some(({ layer }) => layer.convolution);
  const kind = isConvolutional ? "Convolutional network" : "Multilayer perceptron";
  const initializers = [
    ...scaledTensors(model),
    ...layerConstants(network),
    ...targetConstants(model),
  ];
  const made = nodesOf(network, isFloat, head);
  const names = [...made.map(({ output }) => output), ...initializers.map(({ name }) => name)];
  const { preprocessing } = model;
  const columns = preprocessing
    ? columnGraph(preprocessing, "features", new Set(["features", ...names]))
    : null;
  return encodeMessage(modelProto({
    irVersion: IR_VERSION,
    opsets: { "": OPSET, ...columns ? TEXT_OPERATORS : {} },
    producer: "weft",
    description: `${kind}. ${inputText(model)} ` +
      `${output}: float32 [N, ${architecture.outputs}]. ${
        model.targets ? "targets" : "classNames"
      } in the metadata.`,
    graph: {
      name: isConvolutional ? "cnn" : "mlp",
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
    const { window } = model.preprocessing;
    const rows = window
      ? ` N is rows, ${window.length} for each prediction, in order of time.`
      : "";
    return `Columns of a table: numbers float32 [N, 1] (NaN: missing), categories text [N, 1], lists float32 [N, size].${rows}`;
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

/** From the input to what the task gives. */
function nodesOf(network: Network, isFloat: boolean, head: (x: string) => Node[]): Node[] {
  const [input, nodes]: [string, Node[]] = isFloat ? ["features", []] : ["input", [
    { operator: "Cast", inputs: ["pixels"], output: "input", attributes: { to: { int: FLOAT } } },
  ]];
  const layers = layerNodes(network, input);
  return [...nodes, ...layers.nodes, ...head(layers.output)];
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
