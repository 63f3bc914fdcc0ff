/** A trained network with everything that using it takes. */
import type { Distance } from "../backend/distances.ts";
import type { Preprocessing } from "../dataset/preprocessing/preprocessing.ts";
import type { Architecture } from "../nn/architecture.ts";
import type { LayerParameters } from "../nn/tensors.ts";

/** A trained network with everything that using it takes. */
export interface Model {
  /** Its layers. */
  readonly architecture: Architecture;
  /** Of each layer with weights, from the input side. */
  readonly parameters: readonly LayerParameters[];
  /** Of a row as an image of one channel, channels side by side; `height * width` is the architecture's inputs. */
  readonly height: number;
  /** Pixels of a row. */
  readonly width: number;
  /** What a byte is multiplied by to become an input; 1 for float32 features. */
  readonly inputScale: number;
  /** What a row consists of; images of one channel, in bytes, by default. */
  readonly input?: ModelInput;
  /** What it has learned; classification by default. */
  readonly task?: "classification" | "binary" | "multi-label" | "regression";
  /** One name a class; of binary tasks those of no and yes, of multi-label tasks one a label, of regression none. */
  readonly classNames: readonly string[];
  /** Of regression: a network's output times `std` plus `mean` is the target, in its own unit. */
  readonly targets?: ModelTargets;
  /** Of binary and multi-label tasks: from which probability on the answer is yes; 0.5 by default. */
  readonly threshold?: number;
  /** Of models that were trained on a table: what raw rows go through, and which columns are predicted. */
  readonly preprocessing?: Preprocessing;
  /** Name of the configuration that it was trained with. */
  readonly preset: string;
}

/** What a row of a model consists of. */
export interface ModelInput {
  /** Its numbers: bytes, or float32. */
  readonly element: "uint8" | "float32";
  /** [features], or [height, width, channels]. */
  readonly shape: readonly number[];
}

/** Targets of a regression, T of each. */
export interface ModelTargets {
  /** What they are called. */
  readonly names: readonly string[];
  /** Of the rows that were trained on; an output is that many standard deviations away from it. */
  readonly mean: readonly number[];
  /** Standard deviations of the same rows. */
  readonly std: readonly number[];
  /** Of the loss that it was trained with, in standard deviations; 0 for the squared error. */
  readonly huber: number;
  /** The loss, where it is another than these two. */
  readonly distance?: Distance;
}

/** What a row of a model consists of. */
export function inputOf({ input, height, width }: Pick<Model, "input" | "height" | "width">) {
  return input ?? { element: "uint8", shape: [height, width, 1] } satisfies ModelInput;
}

/** Height and width of a row as an image of one channel: channels side by side, other rows a line. */
export function imageSize([height, width, channels = 1]: readonly number[]) {
  return width === undefined ? { height: 1, width: height } : { height, width: width * channels };
}

/** From which probability on the answer is yes. */
export const thresholdOf = ({ threshold = 0.5 }: Pick<Model, "threshold">): number => threshold;
