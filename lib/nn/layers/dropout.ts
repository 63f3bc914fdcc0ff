/** Dropout (N. Srivastava et al., 2014), inverted: what is kept is scaled up in training, and nothing is done later. */
import type { ByteMatrix, Matrix } from "../../backend/mod.ts";
import { murmur3Mix } from "../../random/hashes.ts";
import type { Layer, LayerKind, LayerMatrices, LayerPlace } from "../layer.ts";

/** Two streams of keys; digits of pi. */
const [STREAM_A, STREAM_B] = [0x243f6a88, 0x85a308d3];

/**
 * What is dropped follows from the seed, which of the dropout layers this is, the step and an element's place in the batch
 * alone: nothing is kept, backward drops again what forward dropped, and training that resumes drops what it would have.
 */
class Dropout implements Layer {
  readonly output;
  readonly matrices = {};
  readonly saves = "nothing";
  readonly inPlace = false;
  readonly gradientInPlace = true;
  readonly isForTraining = true;
  readonly goesByPlace = true;
  readonly isIdentity: boolean;
  readonly #seed: number;
  readonly #ordinal: number;

  constructor(readonly rate: number, { input, seed, ordinal }: LayerPlace) {
    this.output = input;
    this.isIdentity = rate === 0;
    this.#seed = seed;
    this.#ordinal = ordinal;
  }

  forward({ backend }: LayerMatrices, y: Matrix, x: Matrix | ByteMatrix, step: number): void {
    const [a, b] = [this.#key(STREAM_A, step), this.#key(STREAM_B, step)];
    backend.dropout(y, x as Matrix, this.rate, a, b);
  }

  backward(
    on: LayerMatrices,
    dx: Matrix | null,
    dy: Matrix,
    _x: Matrix | ByteMatrix,
    _y: Matrix,
    step: number,
  ): void {
    if (dx) this.forward(on, dx, dy, step);
  }

  /** Of one seed and layer, other steps have other keys. */
  #key(stream: number, step: number): number {
    return murmur3Mix(murmur3Mix(murmur3Mix(stream ^ this.#seed) + this.#ordinal) + step);
  }
}

export const dropout: LayerKind<{ readonly rate: number }> = {
  words: ["dropout"],
  usage: "dropout F",
  where: "F is a fraction from 0, below 1",
  parse(_, rest) {
    const rate = rest === "" ? NaN : Number(rest);
    return rate >= 0 && rate < 1 ? { rate } : null;
  },
  format: ({ rate }) => `dropout ${rate}`,
  layer: ({ rate }, place) => new Dropout(rate, place),
};
