/** The WGSL of each activation function, with what it needs. */
import type { ActivationKind } from "../../../../backend/activations.ts";
import { BITS } from "./bits.ts";
import { divide } from "./divide.ts";
import { EXP } from "./exp.ts";
import { GELU } from "./gelu.ts";
import { LEAKY_RELU } from "./leaky_relu.ts";
import { RELU } from "./relu.ts";
import { SIGMOID } from "./sigmoid.ts";
import { TANH } from "./tanh.ts";

const FUNCTIONS: Readonly<Record<ActivationKind, (software: boolean) => string>> = {
  sigmoid: (software) => EXP + divide(software) + SIGMOID,
  relu: () => RELU,
  tanh: (software) => EXP + divide(software) + TANH,
  "leaky-relu": () => RELU + LEAKY_RELU,
  gelu: (software) => EXP + divide(software) + GELU,
};

/**
 * Defines `<identifier>Of(x: vec4f) -> vec4u`, the bits, and `<identifier>Gradient(dy: vec4f, saved: vec4f)`, where saved is
 * the operand that the activation's row says.
 */
export function activationFunctions(kind: ActivationKind, software: boolean): string {
  return BITS + FUNCTIONS[kind](software);
}
