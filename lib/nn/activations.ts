/** The activation functions of hidden layers, by name. */
import type { Backend, Matrix } from "../backend.ts";

export const ACTIVATIONS = ["sigmoid", "relu", "tanh", "leaky-relu", "gelu"] as const;
export type Activation = typeof ACTIVATIONS[number];

/** What the kernels of each are called after. */
export const ACTIVATION_KERNELS = {
  sigmoid: "sigmoid",
  relu: "relu",
  tanh: "tanh",
  "leaky-relu": "leakyRelu",
  gelu: "gelu",
} as const satisfies Record<Activation, string>;

/**
 * Whether the gradient is taken from the input. It must then be kept, and the result go elsewhere; all others tell their
 * gradient from the result, which can take the input's place.
 */
export function takesGradientOfInput(activation: Activation): boolean {
  return activation === "gelu";
}

/** y = activation(x). y may be x. */
export function activationForward(
  backend: Backend,
  activation: Activation,
  y: Matrix,
  x: Matrix,
): void {
  backend[`${ACTIVATION_KERNELS[activation]}Forward`](y, x);
}

/**
 * dx = dy * activation'(x). dx may be dy.
 *
 * @param kept x where `takesGradientOfInput`, else y = activation(x)
 */
export function activationBackward(
  backend: Backend,
  activation: Activation,
  dx: Matrix,
  dy: Matrix,
  kept: Matrix,
): void {
  backend[`${ACTIVATION_KERNELS[activation]}Backward`](dx, dy, kept);
}
