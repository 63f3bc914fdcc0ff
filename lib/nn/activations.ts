/** The activation functions of hidden layers, by name. */
import type { Backend, Matrix } from "../backend.ts";

export const ACTIVATIONS = ["sigmoid", "relu", "tanh"] as const;
export type Activation = typeof ACTIVATIONS[number];

/** y = activation(x). y may be x. */
export function activationForward(
  backend: Backend,
  activation: Activation,
  y: Matrix,
  x: Matrix,
): void {
  backend[`${activation}Forward`](y, x);
}

/** dx = dy * activation'(x), from y = activation(x). dx may be dy. */
export function activationBackward(
  backend: Backend,
  activation: Activation,
  dx: Matrix,
  dy: Matrix,
  y: Matrix,
): void {
  backend[`${activation}Backward`](dx, dy, y);
}
