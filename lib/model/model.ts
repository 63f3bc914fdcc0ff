/** A trained network with everything that using it takes. */
import type { Architecture } from "../nn/architecture.ts";
import type { LayerParameters } from "../nn/tensors.ts";

export interface Model {
  readonly architecture: Architecture;
  /** Of each layer with weights, from the input side. */
  readonly parameters: readonly LayerParameters[];
  /** Pixels of a sample; `height * width` is the architecture's inputs. */
  readonly height: number;
  readonly width: number;
  /** What a byte is multiplied by to become an input. */
  readonly inputScale: number;
  /** One name a class. */
  readonly classNames: readonly string[];
  /** Name of the configuration that it was trained with. */
  readonly preset: string;
}
