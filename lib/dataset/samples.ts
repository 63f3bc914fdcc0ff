/**
 * Rows of a data set of any kind: features as bytes or float32, with a shape, and what is to be learned of each row.
 *
 * Glossary: N rows, I features of a row: what its shape multiplies to.
 */
import type { LabeledImages } from "./dataset.ts";
import { type ImageSource, rowChunks } from "./image_source.ts";

/** What can be learned of a row. */
export const TASK_NAMES = ["classification", "binary", "multi-label", "regression"] as const;
/** What can be learned of a row. */
export type TaskName = typeof TASK_NAMES[number];

/** What is to be learned of each row. */
export type Targets =
  /** N bytes, each below the number of classes. */
  | ({ readonly task: "classification"; readonly labels: Uint8Array } & KnownClasses)
  /** N bytes, 1 for yes and 0 for no. */
  | ({ readonly task: "binary"; readonly labels: Uint8Array } & KnownClasses)
  /** N x L bytes, 1 where a row has a label. */
  | {
    readonly task: "multi-label";
    readonly labels: Uint8Array;
    /** To evaluate: N numbers, how many labels a row has besides, which the model does not know: each is an error. */
    readonly missed?: Uint16Array;
  }
  /** N x T numbers, in their own unit. */
  | {
    readonly task: "regression";
    readonly values: Float32Array;
    /** What the T numbers are called. */
    readonly names?: readonly string[];
  };

/** What is known of the classes. */
export interface KnownClasses {
  /** To evaluate: how many classes the model knows. Labels from there on are other classes; their rows are errors. */
  readonly known?: number;
}

/** What is to be learned of rows, and what each counts. */
export interface Targeted {
  /** What is to be learned. */
  readonly targets: Targets;
  /** What each row counts in the training loss, N numbers of at least 0; all alike by default. */
  readonly weights?: Float32Array;
}

/** Rows of bytes or float32, with a shape. */
export interface Features {
  /** N. */
  readonly rows: number;
  /** N x I, row-major: float32 as they are, or bytes from 0 to 255, which become inputs from 0 to 1. */
  readonly features: Float32Array | Uint8Array;
  /** Of a row: [features], [height, width] or [height, width, channels]. */
  readonly shape: readonly number[];
}

/** Rows of features, which have a class each. */
export interface LabeledFeatures extends Features {
  /** N bytes, each below the number of classes. */
  readonly labels: Uint8Array;
}

/** Rows of features, of which something else may be learned. */
export interface TargetedFeatures extends Features, Targeted {}

/** Reads float32 features of some rows. It is asked for all rows in order, maybe again; it may return the same memory. */
export type FeatureReader = (firstRow: number, rows: number) => Float32Array;

/** Rows whose features are read when they are wanted. */
export interface FeatureSource extends Omit<Features, "features">, Targeted {
  /** Reads the features of some rows. */
  readonly features: FeatureReader;
  /** Whether single rows cost little, in any order: then many of them are read for each batch, and not kept in memory. */
  readonly isAnyOrder?: boolean;
}

/** Images of one channel in bytes, of which something else than a class may be learned. */
export interface TargetedImages extends Omit<LabeledImages, "labels" | "pixels">, Targeted {
  /** N x height x width bytes, or what reads them. */
  readonly pixels: (LabeledImages | ImageSource)["pixels"];
}

/** What can be learned from. */
export type SampleData =
  | LabeledImages
  | ImageSource
  | LabeledFeatures
  | TargetedImages
  | TargetedFeatures
  | FeatureSource;

/** What features are: bytes, or float32. */
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
  readonly values: Values | ImageSource["pixels"] | FeatureReader;
  /** As in `FeatureSource`. */
  readonly isAnyOrder?: boolean;
  readonly targets: SampleTargets;
  /** N; null where all rows count alike. */
  readonly weights: Float32Array | null;
}

/** Targets in one form. */
export interface SampleTargets {
  readonly task: TaskName;
  /** N x `columns`. */
  readonly values: Uint8Array | Float32Array;
  readonly columns: number;
  readonly names?: readonly string[];
  /** As in `Targets`. */
  readonly known?: number;
  readonly missed?: Uint16Array;
}

/** A view of what was given. */
export function samplesOf(data: SampleData): Samples {
  const { rows } = data;
  const weights = "targets" in data ? data.weights ?? null : null;
  const learned = { rows, targets: targetsOf(data), weights };
  if ("features" in data) {
    const { features, shape: given } = data;
    const shape = given.length === 2 ? [...given, 1] : given;
    const element = features instanceof Uint8Array ? "uint8" : "float32";
    const isAnyOrder = typeof features === "function" && "isAnyOrder" in data && data.isAnyOrder;
    return { ...learned, element, shape, values: features, ...isAnyOrder ? { isAnyOrder } : {} };
  }
  const { height, width, pixels } = data;
  return { ...learned, element: "uint8", shape: [height, width, 1], values: pixels };
}

/** What is to be learned, in one form. */
export function targetsOf(data: SampleData): SampleTargets {
  if (!("targets" in data)) return { task: "classification", values: data.labels, columns: 1 };
  const { targets, rows } = data;
  const { task } = targets;
  const values = task === "regression" ? targets.values : targets.labels;
  const columns = task === "multi-label" || task === "regression" ? values.length / rows : 1;
  return {
    task,
    values,
    columns,
    ...task === "regression" ? { names: targets.names } : {},
    ...task === "classification" || task === "binary" ? { known: targets.known } : {},
    ...task === "multi-label" ? { missed: targets.missed } : {},
  };
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
