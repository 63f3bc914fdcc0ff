/** A linear layer as a file of tensors has it. */
import type { FloatTensor } from "../model/safetensors.ts";

/** One layer, y = W x + b. */
export interface LinearLayer {
  /** `fc1`; empty where the tensors are `weight` and `bias`. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Shape [outputs, inputs]. */
  readonly weight: FloatTensor;
  /** Shape [outputs]; null where the layer has none. */
  readonly bias: FloatTensor | null;
}
