/**
 * The messages of an ONNX file that Weft writes. Numbers of fields and values of enumerations are
 * those of onnx.proto (https://onnx.ai/onnx/api/classes.html); each function is named after its
 * message.
 */

import {
  bytesField,
  type Field,
  floatField,
  messageField,
  textField,
  varintField,
} from "./protobuf.ts";

/** TensorProto.DataType: types of elements. */
export const FLOAT = 1;
export const UINT8 = 2;

/** AttributeProto.AttributeType. */
const FLOAT_ATTRIBUTE = 1;
const INT_ATTRIBUTE = 2;
const INTS_ATTRIBUTE = 7;

const FLOAT32_BYTES = 4;

/** A number or a list of whole ones, and the type that its operator asks for. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number };

/** An operator applied to values by name. */
export interface Node {
  /** Its operator, such as `Gemm`. */
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** What the operator takes besides, by name. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** A constant of the graph: row-major float32; the shape `[]` holds one number. */
export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What goes into the graph or comes out of it. */
export interface GraphValue {
  readonly name: string;
  /** `FLOAT` or `UINT8`. */
  readonly type: number;
  /** A number is a fixed length, a text the name of one that each call chooses. */
  readonly shape: readonly (number | string)[];
}

export interface Graph {
  readonly name: string;
  /** In an order in which every value is made before it is used. */
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

export interface OnnxModel {
  readonly irVersion: number;
  /** Version of the standard operators. */
  readonly opset: number;
  readonly producer: string;
  readonly description: string;
  readonly graph: Graph;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The fields of a ModelProto, which is what a file holds. */
export function modelProto(model: OnnxModel): Field[] {
  const { graph, metadata } = model;
  return [
    varintField(1, model.irVersion),
    textField(2, model.producer),
    textField(6, model.description),
    messageField(7, [
      ...graph.nodes.map((node) => messageField(1, nodeProto(node))),
      textField(2, graph.name),
      ...graph.initializers.map((initializer) => messageField(5, tensorProto(initializer))),
      ...graph.inputs.map((value) => messageField(11, valueInfoProto(value))),
      ...graph.outputs.map((value) => messageField(12, valueInfoProto(value))),
    ]),
    // The empty domain is that of the standard operators.
    messageField(8, [textField(1, ""), varintField(2, model.opset)]),
    ...Object.entries(metadata).map(([key, value]) =>
      messageField(14, [textField(1, key), textField(2, value)])
    ),
  ];
}

function nodeProto({ operator, inputs, output, attributes = {} }: Node): Field[] {
  return [
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    // A node is named after what it makes: viewers and profilers show names.
    textField(3, output),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      messageField(5, [textField(1, name), ...attributeValue(value)])
    ),
  ];
}

function attributeValue(value: Attribute): Field[] {
  if ("ints" in value) {
    return [
      ...value.ints.map((int) => varintField(8, int)),
      varintField(20, INTS_ATTRIBUTE),
    ];
  }
  return "int" in value
    ? [varintField(3, value.int), varintField(20, INT_ATTRIBUTE)]
    : [floatField(2, value.float), varintField(20, FLOAT_ATTRIBUTE)];
}

function tensorProto({ name, shape, data }: Initializer): Field[] {
  return [
    ...shape.map((length) => varintField(1, length)),
    varintField(2, FLOAT),
    textField(8, name),
    bytesField(9, littleEndian(data)),
  ];
}

function valueInfoProto({ name, type, shape }: GraphValue): Field[] {
  const dimensions = shape.map((length) =>
    messageField(1, [typeof length === "number" ? varintField(1, length) : textField(2, length)])
  );
  const tensorType = [varintField(1, type), messageField(2, dimensions)];
  return [textField(1, name), messageField(2, [messageField(1, tensorType)])];
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * FLOAT32_BYTES));
  values.forEach((value, i) => view.setFloat32(i * FLOAT32_BYTES, value, true));
  return new Uint8Array(view.buffer);
}
