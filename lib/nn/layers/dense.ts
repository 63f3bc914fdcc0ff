/**
 * A dense layer: z = x W + b.
 *
 * Next to the input, x is scale X + offset 1 1' of bytes X (input_map.ts). Bytes stay bytes, and products skip what is zero:
 * the scale goes into the products, and the offset, the same for every pixel, into a row that is added.
 *
 *     z  = scale X W + (offset 1' W + b)
 *     dW = scale X' dz + offset 1 (1' dz)
 *
 * Glossary: B rows of a batch, I inputs, O outputs; 1 a column of ones.
 */
import type { ByteMatrix, Matrix } from "../../backend/mod.ts";
import type { InputMap } from "../input_map.ts";
import {
  type Layer,
  type LayerKind,
  type LayerMatrices,
  type LayerPlace,
  sizeOf,
} from "../layer.ts";

const TRANSPOSE_A = { transposeA: true };
const TRANSPOSE_B = { transposeB: true };
const TRANSPOSE_A_ACCUMULATE = { transposeA: true, accumulate: true };

class Dense implements Layer {
  readonly output;
  readonly matrices;
  readonly scratch;
  readonly flops;
  readonly saves = "input";
  readonly inPlace = false;
  readonly gradientInPlace = false;
  readonly #map: InputMap | null;
  readonly #hasOffset: boolean;
  readonly #inputs: number;
  readonly #trainsBias: boolean;
  /** How the products with the input are taken, in the forward and the backward pass. */
  readonly #forward;
  readonly #backward;

  constructor(units: number, { input, flattened, inputMap, trainsBias }: LayerPlace) {
    const inputs = sizeOf(input);
    this.output = [units];
    this.matrices = {
      weight: {
        columns: units,
        tensors: [{
          name: "weight",
          rows: inputs,
          initial: { inputs, outputs: units },
          ...flattened ? { rowShape: flattened } : {},
        }],
        trained: true,
        penalized: true,
      },
      bias: {
        columns: units,
        tensors: [{ name: "bias", rows: 1, initial: 0 }],
        trained: trainsBias,
        penalized: false,
      },
    };
    this.flops = 2 * inputs * units;
    this.#map = inputMap;
    this.#inputs = inputs;
    this.#trainsBias = trainsBias;
    this.#hasOffset = inputMap !== null && inputMap.offset !== 0;
    this.#forward = inputMap ? { alpha: inputMap.scale } : undefined;
    this.#backward = inputMap ? { transposeA: true, alpha: inputMap.scale } : TRANSPOSE_A;
    // The offset everywhere; what is added in place of the bias; 1' dz where the bias is not trained.
    const ofOffset: Record<string, readonly [number, number]> = {
      offset: [1, inputs],
      row: [1, units],
      sums: [1, units],
    };
    this.scratch = this.#hasOffset ? ofOffset : {};
  }

  prepare({ backend, scratch }: LayerMatrices): void {
    if (!this.#hasOffset) return;
    backend.write(scratch.offset, new Float32Array(this.#inputs).fill(this.#map!.offset));
  }

  forward({ backend, values, scratch }: LayerMatrices, z: Matrix, x: Matrix | ByteMatrix): void {
    const { weight, bias } = values;
    // Before the product, which a GPU does together with what comes next.
    if (this.#hasOffset) {
      backend.gemm(scratch.row, scratch.offset, weight);
      backend.addBias(scratch.row, scratch.row, bias);
    }
    backend.gemm(z, x, weight, this.#forward);
    backend.addBias(z, z, this.#hasOffset ? scratch.row : bias);
  }

  backward(
    on: LayerMatrices,
    dx: Matrix | null,
    dz: Matrix,
    x: Matrix | ByteMatrix,
  ): void {
    const { backend, gradients, scratch } = on;
    backend.gemm(gradients.weight, x, dz, this.#backward);
    if (this.#trainsBias) backend.columnSums(gradients.bias, dz);
    if (this.#hasOffset) {
      if (!this.#trainsBias) backend.columnSums(scratch.sums, dz);
      const sums = this.#trainsBias ? gradients.bias : scratch.sums;
      backend.gemm(gradients.weight, scratch.offset, sums, TRANSPOSE_A_ACCUMULATE);
    }
    if (dx) this.backwardInput(on, dx, dz);
  }

  backwardInput({ backend, values }: LayerMatrices, dx: Matrix, dz: Matrix): void {
    backend.gemm(dx, dz, values.weight, TRANSPOSE_B);
  }
}

export const dense: LayerKind<{ readonly units: number }> = {
  words: ["dense"],
  usage: "dense N",
  where: "N is a whole number of units of at least 1",
  takesBytes: true,
  takesFlat: true,
  parse(_, rest) {
    const units = Number(rest);
    return /^\d+$/.test(rest) && units >= 1 && Number.isSafeInteger(units) ? { units } : null;
  },
  format: ({ units }) => `dense ${units}`,
  layer: ({ units }, place) => new Dense(units, place),
};
