/** The WGSL of each activation function, with what it needs. */
import { BITS } from "./bits.ts";
import { divide } from "./divide.ts";
import { EXP } from "./exp.ts";
import { GELU } from "./gelu.ts";
import { LEAKY_RELU } from "./leaky_relu.ts";
import { RELU } from "./relu.ts";
import { SIGMOID } from "./sigmoid.ts";
import { TANH } from "./tanh.ts";

export const ACTIVATION_NAMES = ["sigmoid", "relu", "tanh", "leakyRelu", "gelu"] as const;
export type ActivationName = typeof ACTIVATION_NAMES[number];

/**
 * Defines `<name>Of(x: vec4f) -> vec4u`, the bits, and `<name>Gradient(dy: vec4f, y: vec4f)`, where y is
 * the result or, for gelu, x.
 */
export function activationFunctions(name: ActivationName, software: boolean): string {
  if (name === "relu") return BITS + RELU;
  if (name === "leakyRelu") return BITS + RELU + LEAKY_RELU;
  return BITS + EXP + divide(software) + { sigmoid: SIGMOID, tanh: TANH, gelu: GELU }[name];
}
