/**
 * A model as the predictor carries it, with weights as they lie in memory, so that loading copies and does nothing else.
 *
 *     length of the header in bytes (uint32) | header (JSON) | spaces to a multiple of 4
 *     then, layer by layer from the input side:
 *       weights   I x O row-major, of a convolution a row for each tap and channel of a group: float32; or int8, padded to a
 *                 multiple of 4
 *       scales    O float32, one a column: only where weights are int8
 *       bias      O float32
 *
 * Numbers are little-endian, as WebAssembly's are. Nothing is checked when it is read: `export` has made it from a model
 * that was checked, and it travels with the code that reads it.
 */

import { type ConvolutionShape, type Pool, tapsOf } from "../backend/convolution.ts";
import type { Preprocessing } from "../dataset/preprocessing/preprocessing.ts";
import type { Activation } from "../nn/activations.ts";

/** A dense layer or a convolution, and what follows it. */
export interface PackedShape {
  /** Numbers of a row that goes in, and of one that comes out before any pool. */
  readonly inputs: number;
  readonly outputs: number;
  /** Of a convolution. */
  readonly convolution?: ConvolutionShape;
  readonly activations: readonly PackedStep[];
}

/** A function of each number, or a pool over images of height x width x channels. */
export type PackedStep = Activation | (Pool & { readonly image: readonly number[] });

/** Rows and columns of the weights. */
export function weightSize(
  { inputs, outputs, convolution }: PackedShape,
): readonly [rows: number, columns: number] {
  return convolution ? [tapsOf(convolution), convolution.outputs] : [inputs, outputs];
}

/** Numbers of a row that comes out of a layer and what follows it. */
export function lengthAfter({ outputs, activations }: PackedShape): number {
  return activations.reduce(
    (length, step) => typeof step === "string" ? length : pooled(step),
    outputs,
  );
}

/** Numbers of a row that comes out of a pool. */
export function pooled({ image, window }: Exclude<PackedStep, string>): number {
  return Math.floor(image[0] / window[0]) * Math.floor(image[1] / window[1]) * image[2];
}

/** What a predictor's model may have learned. */
export const EDGE_TASKS = ["classification", "binary", "multi-label", "regression"] as const;
/** What a predictor's model has learned. */
export type EdgeTask = typeof EDGE_TASKS[number];

/** What the model is, without its weights. */
export interface PackedHeader {
  /** From the input side; the last one's outputs are the logits. */
  readonly shapes: readonly PackedShape[];
  /** Pixels of an image. */
  readonly height: number;
  readonly width: number;
  /** What a byte is multiplied by to become an input. */
  readonly inputScale: number;
  /** Of color images: bytes of red, green and blue beside each other, so that `width` is three times the image's. */
  readonly channels?: 3;
  /** What a row consists of; bytes by default. */
  readonly element?: "uint8" | "float32";
  /** What it has learned; classification by default. */
  readonly task?: EdgeTask;
  /** Of regression none. */
  readonly classNames: readonly string[];
  /** Of regression: outputs times std plus mean are the targets. */
  readonly targets?: {
    readonly names: readonly string[];
    readonly mean: readonly number[];
    readonly std: readonly number[];
  };
  /** From which probability on the answer is yes; 0.5 by default. */
  readonly threshold?: number;
  /** How rows of a table become the features; absent where features are sent. */
  readonly preprocessing?: Preprocessing;
  readonly weights: "float32" | "int8";
}

/** One layer, I x O, or as weightSize has it. */
export interface PackedLayer {
  /** Row-major; as int8, multiplied by the scale of its column. */
  readonly weights: Float32Array | Int8Array;
  /** O; none where weights are float32. */
  readonly scales: Float32Array | null;
  /** O. */
  readonly bias: Float32Array;
}

export interface PackedModel {
  readonly header: PackedHeader;
  readonly layers: readonly PackedLayer[];
}

/** Name of the section of `model.wasm` that holds these bytes. */
export const MODEL_SECTION = "weft.model";

const WORD = 4;

/** @returns the bytes of the section */
export function encodePackedModel({ header, layers }: PackedModel): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const parts = layers.flatMap((
    { weights, scales, bias },
  ) => [weights, ...scales ? [scales] : [], bias]);
  const headerEnd = WORD + aligned(text.length);
  const bytes = parts.reduce((sum, { byteLength }) => sum + aligned(byteLength), headerEnd);
  const packed = new Uint8Array(bytes);
  new DataView(packed.buffer).setUint32(0, text.length, true);
  packed.fill(0x20, WORD, headerEnd);
  packed.set(text, WORD);
  let offset = headerEnd;
  for (const { buffer, byteOffset, byteLength } of parts) {
    packed.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    offset += aligned(byteLength);
  }
  return packed;
}

/** @param section what `encodePackedModel` made; the layers are views of it */
export function decodePackedModel(section: ArrayBuffer): PackedModel {
  const length = new DataView(section).getUint32(0, true);
  const header = headerFrom(new TextDecoder().decode(new Uint8Array(section, WORD, length)));
  let offset = WORD + aligned(length);
  const next = <T extends ArrayBufferView>(
    type: new (buffer: ArrayBuffer, offset: number, length: number) => T,
    length: number,
  ): T => {
    const view = new type(section, offset, length);
    offset += aligned(view.byteLength);
    return view;
  };
  const layers = header.shapes.map((shape): PackedLayer => {
    const isFloat = header.weights === "float32";
    const [rows, columns] = weightSize(shape);
    return {
      weights: isFloat ? next(Float32Array, rows * columns) : next(Int8Array, rows * columns),
      scales: isFloat ? null : next(Float32Array, columns),
      bias: next(Float32Array, columns),
    };
  });
  return { header, layers };
}

/** What earlier versions wrote in place of shapes: hidden layers with one activation. */
interface EarlierShapes {
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
  readonly activation: Activation;
}

/** @param text the header, perhaps of an earlier version */
export function headerFrom(text: string): PackedHeader {
  const read: PackedHeader & { readonly architecture?: EarlierShapes } = JSON.parse(text);
  const { architecture, ...rest } = read;
  if (!architecture) return rest;
  const { inputs, hidden, outputs, activation } = architecture;
  const widths = [inputs, ...hidden, outputs];
  const shapes = widths.slice(1).map((outputs, l): PackedShape => ({
    inputs: widths[l],
    outputs,
    activations: l < hidden.length ? [activation] : [],
  }));
  return { ...rest, shapes };
}

/**
 * Rows `first` to `first + rows` of a layer's weights as float32.
 *
 * @param to rows x O
 */
export function copyWeights(
  to: Float32Array,
  { weights, scales, bias: { length: outputs } }: PackedLayer,
  first: number,
  rows: number,
): void {
  const from = weights.subarray(first * outputs, (first + rows) * outputs);
  if (!scales) return to.set(from);
  for (let i = 0, row = 0; i < rows; i++, row += outputs) {
    for (let j = 0; j < outputs; j++) to[row + j] = from[row + j] * scales[j];
  }
}

/** The next multiple of a word. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / WORD) * WORD;
}
