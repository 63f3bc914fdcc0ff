/** The activation functions of hidden layers, by name. What each computes is said in lib/backend/activations.ts. */
import {
  ACTIVATION_KINDS,
  type ActivationIdentifier,
  type ActivationKind,
  ACTIVATIONS as ROWS,
  identifierOf,
} from "../backend/activations.ts";
import type { Backend } from "../backend/backend.ts";
import type { Matrix } from "../backend/matrices.ts";

/** The name of an activation. */
export type Activation = ActivationKind;
export const ACTIVATIONS: readonly Activation[] = ACTIVATION_KINDS;

/** The kernel of the edge's predictor that computes an activation. */
export function forwardKernelOf(activation: Activation): `${ActivationIdentifier}Forward` {
  return `${identifierOf(activation)}Forward`;
}

/** True if backward needs the input x; otherwise it needs the output y, and forward may run in place. */
export function takesGradientOfInput(activation: Activation): boolean {
  return ROWS[activation].saves === "input";
}

/** y = activation(x). y may be x. */
export function activationForward(
  backend: Backend,
  activation: Activation,
  y: Matrix,
  x: Matrix,
): void {
  backend.activation(activation, y, x);
}

/**
 * dx = dy * activation'(x). dx may be dy.
 *
 * @param saved x where `takesGradientOfInput`, else y = activation(x)
 */
export function activationBackward(
  backend: Backend,
  activation: Activation,
  dx: Matrix,
  dy: Matrix,
  saved: Matrix,
): void {
  backend.activationGradient(activation, dx, dy, saved);
}
