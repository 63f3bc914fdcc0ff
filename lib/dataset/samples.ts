/**
 * Rows of a data set of any kind: features as bytes or float32, with a shape, and what is to be learnt of each row.
 *
 * Glossary: N rows, I features of a row: what its shape multiplies to.
 */
import type { LabelledImages } from "./dataset.ts";
import { type PictureSource, rowChunks } from "./picture_source.ts";

/** Rows of features, which have a class each. */
export interface LabelledFeatures {
  /** N. */
  readonly rows: number;
  /** N x I, row-major: float32 as they are, or bytes from 0 to 255, which become inputs from 0 to 1. */
  readonly features: Float32Array | Uint8Array;
  /** Of a row: [features], [height, width] or [height, width, channels]. */
  readonly shape: readonly number[];
  /** N bytes, each below the number of classes. */
  readonly labels: Uint8Array;
}

/** What can be learnt from. */
export type SampleData = LabelledImages | PictureSource | LabelledFeatures;

export type Element = "uint8" | "float32";

/** What a network takes for a row. */
export interface InputFormat {
  readonly element: Element;
  /** [features], or [height, width, channels]. */
  readonly shape: readonly number[];
}

type Values = Uint8Array | Float32Array;

/** The same for every kind. */
export interface Samples extends InputFormat {
  readonly rows: number;
  /** N x I, or what reads some rows of them. */
  readonly values: Values | PictureSource["pixels"];
  readonly labels: Uint8Array;
}

/** A view of what was given. */
export function samplesOf(data: SampleData): Samples {
  const { rows, labels } = data;
  if ("features" in data) {
    const { features, shape: given } = data;
    const shape = given.length === 2 ? [...given, 1] : given;
    const element = features instanceof Float32Array ? "float32" : "uint8";
    return { rows, labels, element, shape, values: features };
  }
  const { height, width, pixels } = data;
  return { rows, labels, element: "uint8", shape: [height, width, 1], values: pixels };
}

/** Whether rows are images of one channel in bytes: what networks without other layers first take in any order. */
export function isGrayImage({ element, shape }: InputFormat): boolean {
  return element === "uint8" && (shape.length === 1 || shape[2] === 1);
}

/** "28 x 28 pixels", "30 float32 features". */
export function formatText({ element, shape }: InputFormat): string {
  const size = (shape[2] === 1 ? shape.slice(0, 2) : shape).join(" x ");
  if (shape.length === 3 && shape[2] === 1 && element === "uint8") return `${size} pixels`;
  return `${size} ${element === "uint8" ? "bytes" : "float32 features"}`;
}

/** All rows in order, some thousands at a time. */
export function* sampleChunks(
  { rows, shape, values }: Pick<Samples, "rows" | "shape" | "values">,
): Generator<
  { readonly first: number; readonly rows: number; readonly values: Values },
  void,
  void
> {
  const size = shape.reduce((size, length) => size * length, 1);
  yield* rowChunks(rows, size, values);
}
