/** A trained network with everything that using it takes. */
import type { Architecture } from "../nn/architecture.ts";
import type { LayerParameters } from "../nn/tensors.ts";

export interface Model {
  readonly architecture: Architecture;
  /** Of each layer with weights, from the input side. */
  readonly parameters: readonly LayerParameters[];
  /** Of a row as an image of one channel, channels side by side; `height * width` is the architecture's inputs. */
  readonly height: number;
  readonly width: number;
  /** What a byte is multiplied by to become an input; 1 for float32 features. */
  readonly inputScale: number;
  /** What a row consists of; images of one channel, in bytes, by default. */
  readonly input?: ModelInput;
  /** One name a class. */
  readonly classNames: readonly string[];
  /** Name of the configuration that it was trained with. */
  readonly preset: string;
}

export interface ModelInput {
  readonly element: "uint8" | "float32";
  /** [features], or [height, width, channels]. */
  readonly shape: readonly number[];
}

/** What a row of a model consists of. */
export function inputOf({ input, height, width }: Pick<Model, "input" | "height" | "width">) {
  return input ?? { element: "uint8", shape: [height, width, 1] } satisfies ModelInput;
}

/** Height and width of a row as an image of one channel: channels side by side, other rows a line. */
export function imageSize([height, width, channels = 1]: readonly number[]) {
  return width === undefined ? { height: 1, width: height } : { height, width: width * channels };
}
