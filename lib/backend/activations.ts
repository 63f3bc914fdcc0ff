/** The activation functions, as rows of the kernel table: see kernels.ts. */
import { byElements, input, type Kernel, kernel, output } from "./arguments.ts";

interface ActivationRow {
  /**
   * Which operand of the forward pass the gradient is taken from. "output": y, so that y may take the place of x; "input": x,
   * which must be kept.
   */
  readonly saves: "input" | "output";
  /** Nanoseconds of an element, forward and backward: see Sharing. */
  readonly cost: number;
  readonly gradientCost: number;
}

/** The activations, a row each. */
export const ACTIVATIONS = {
  /** y = 1 / (1 + e^-x); dx = dy y (1 - y). */
  sigmoid: { saves: "output", cost: 1, gradientCost: 0.2 },
  /** y = max(x, 0); dx = dy where y > 0, else 0. */
  relu: { saves: "output", cost: 0.17, gradientCost: 0.17 },
  /** y = tanh(x); dx = dy (1 - y^2). */
  tanh: { saves: "output", cost: 1.4, gradientCost: 0.2 },
  /** y = x where x > 0, else 0.01 x; dx = dy where y > 0, else 0.01 dy. */
  "leaky-relu": { saves: "output", cost: 0.3, gradientCost: 0.4 },
  /** y = x Phi(x), Phi the standard normal distribution function; dx = dy (Phi(x) + x phi(x)), phi the density. */
  gelu: { saves: "input", cost: 2.2, gradientCost: 2.4 },
} as const satisfies Readonly<Record<string, ActivationRow>>;

/** The name of an activation. */
export type ActivationKind = keyof typeof ACTIVATIONS;
export const ACTIVATION_KINDS: readonly ActivationKind[] = Object.keys(
  ACTIVATIONS,
) as ActivationKind[];

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** What source code calls an activation: leakyRelu for leaky-relu. */
export type ActivationIdentifier = Camel<ActivationKind>;

export function identifierOf(kind: ActivationKind): ActivationIdentifier {
  return kind.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase()) as ActivationIdentifier;
}

export function activationKernel(kind: ActivationKind): Kernel {
  return kernel(`apply ${kind}`, [
    output("y", "the output", "B", "O", { mayBe: "x" }),
    input("x", "the input", "=B", "=O"),
  ], byElements("y", ACTIVATIONS[kind].cost));
}

export function activationGradientKernel(kind: ActivationKind): Kernel {
  return kernel(`take the gradient of ${kind}`, [
    output("dx", "dx", "B", "O", { mayBe: "dy" }),
    input("dy", "dy", "B", "O"),
    input("saved", "what was saved", "=B", "=O"),
  ], byElements("dx", ACTIVATIONS[kind].gradientCost));
}
