/** Dropout (N. Srivastava et al., 2014), inverted: what is kept is scaled up in training, and nothing is done later. */
import type { Backend, Matrix } from "../backend.ts";
import { murmur3Mix } from "../random/hashes.ts";

/** Two streams of keys; digits of pi. */
const [STREAM_A, STREAM_B] = [0x243f6a88, 0x85a308d3];

/**
 * What is dropped follows from the seed, the layer, the step and an element's place in the batch alone: nothing is kept,
 * backward drops again what forward dropped, and training that goes on from a state drops what it would have.
 */
export class Dropout {
  /**
   * @param rate probability with which an element is dropped: at least 0 and below 1
   * @param seed 0 to 2^32 - 1
   */
  constructor(readonly rate: number, readonly seed: number) {}

  /**
   * y = x, but for what is dropped, over 1 - rate. y may be x.
   *
   * @param layer from the input side
   * @param step  batches since training began
   */
  apply(backend: Backend, y: Matrix, x: Matrix, layer: number, step: number): void {
    const [a, b] = [this.#key(STREAM_A, layer, step), this.#key(STREAM_B, layer, step)];
    backend.dropout(y, x, this.rate, a, b);
  }

  /** Of one seed and layer, other steps have other keys. */
  #key(stream: number, layer: number, step: number): number {
    return murmur3Mix(murmur3Mix(murmur3Mix(stream ^ this.seed) + layer) + step);
  }
}
