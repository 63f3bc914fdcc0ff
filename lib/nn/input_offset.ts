/** The part of the first layer that an input map's offset makes; see input_map.ts for the formulas. */
import type { Backend, Matrix } from "../backend.ts";

const TRANSPOSE_A_ACCUMULATE = { transposeA: true, accumulate: true };

/** Glossary: I inputs, O outputs of the first layer, B rows of a batch. */
export class InputOffset {
  /** 1 x I, the offset everywhere. */
  readonly #row: Matrix;
  /** 1 x O. */
  readonly #bias: Matrix;
  /** 1 x O, for a layer whose bias is not trained. */
  readonly #sums: Matrix;

  /** @param allocate makes matrices that live as long as this is used */
  constructor(
    readonly backend: Backend,
    allocate: (rows: number, columns: number) => Matrix,
    inputs: number,
    outputs: number,
    offset: number,
  ) {
    this.#row = allocate(1, inputs);
    this.#bias = allocate(1, outputs);
    this.#sums = allocate(1, outputs);
    backend.write(this.#row, new Float32Array(inputs).fill(offset));
  }

  /** What to add in place of the bias: offset 1' W + b. */
  biasWith(weights: Matrix, bias: Matrix): Matrix {
    this.backend.gemm(this.#bias, this.#row, weights);
    this.backend.addBias(this.#bias, this.#bias, bias);
    return this.#bias;
  }

  /**
   * Completes the gradient of the weights, which has scale X' dz: adds offset 1 (1' dz).
   *
   * @param dBias 1' dz, the gradient of the bias; null where nobody has computed it
   */
  addGradient(dWeights: Matrix, dz: Matrix, dBias: Matrix | null): void {
    if (!dBias) this.backend.columnSums(this.#sums, dz);
    this.backend.gemm(dWeights, this.#row, dBias ?? this.#sums, TRANSPOSE_A_ACCUMULATE);
  }
}
