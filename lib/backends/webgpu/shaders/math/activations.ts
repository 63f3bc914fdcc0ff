/** The WGSL of each activation function, with what it needs. */
import { BITS } from "./bits.ts";
import { divide } from "./divide.ts";
import { EXP } from "./exp.ts";
import { RELU } from "./relu.ts";
import { SIGMOID } from "./sigmoid.ts";
import { TANH } from "./tanh.ts";

export const ACTIVATION_NAMES = ["sigmoid", "relu", "tanh"] as const;
export type ActivationName = typeof ACTIVATION_NAMES[number];

/** Defines `<name>Of(x: vec4f) -> vec4u`, the bits, and `<name>Gradient(dy: vec4f, y: vec4f)`. */
export function activationFunctions(name: ActivationName, software: boolean): string {
  if (name === "relu") return BITS + RELU;
  return BITS + EXP + divide(software) + (name === "sigmoid" ? SIGMOID : TANH);
}
