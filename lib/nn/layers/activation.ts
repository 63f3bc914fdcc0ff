/** A function of each element; the functions are in activations.ts. */
import type { ByteMatrix, Matrix } from "../../backend/mod.ts";
import {
  type Activation,
  activationBackward,
  activationForward,
  ACTIVATIONS,
  takesGradientOfInput,
} from "../activations.ts";
import type { Layer, LayerKind, LayerMatrices, Shape } from "../layer.ts";

export class ActivationLayer implements Layer {
  readonly matrices = {};
  readonly saves;
  readonly inPlace = true;
  readonly gradientInPlace = true;

  constructor(readonly activation: Activation, readonly output: Shape) {
    this.saves = takesGradientOfInput(activation) ? "input" as const : "output" as const;
  }

  forward({ backend }: LayerMatrices, y: Matrix, x: Matrix | ByteMatrix): void {
    activationForward(backend, this.activation, y, x as Matrix);
  }

  backward(
    { backend }: LayerMatrices,
    dx: Matrix | null,
    dy: Matrix,
    x: Matrix | ByteMatrix,
    y: Matrix,
  ): void {
    if (!dx) return;
    activationBackward(backend, this.activation, dx, dy, this.saves === "input" ? x as Matrix : y);
  }
}

export const activation: LayerKind<{ readonly activation: Activation }> = {
  words: ACTIVATIONS,
  usage: `an activation (${ACTIVATIONS.join(", ")})`,
  where: "nothing follows its name",
  parse: (word, rest) => rest === "" ? { activation: word as Activation } : null,
  format: ({ activation }) => activation,
  layer: ({ activation }, { input }) => new ActivationLayer(activation, input),
};
