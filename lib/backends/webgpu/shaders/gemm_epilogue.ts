/**
 * What is done with a product before it is stored: alpha, C as it was, a bias, an activation or the
 * gradient of one. The back end finds out which kernels follow a product and are taken along; the
 * operations are the same, one by one, so the bits are, too.
 */
import {
  ACTIVATION_KINDS,
  type ActivationKind,
  identifierOf,
} from "../../../backend/activations.ts";
import { activationFunctions } from "./math/activations.ts";
import type { Binding } from "./shader.ts";

export interface Epilogue {
  readonly bias: boolean;
  readonly activation: ActivationKind | null;
  /** The activation by whose gradient, from y (its result or, for gelu, its input), the product is multiplied. */
  readonly gradient: ActivationKind | null;
}

/** None, or an activation. */
const CHOICES: readonly (ActivationKind | null)[] = [null, ...ACTIVATION_KINDS];

/** An epilogue as a number below EPILOGUES. */
export function epilogueNumber({ bias, activation, gradient }: Epilogue): number {
  return +bias + 2 * (CHOICES.indexOf(activation) + CHOICES.length * CHOICES.indexOf(gradient));
}

export const EPILOGUES = 2 * CHOICES.length ** 2;

export function epilogueOf(number: number): Epilogue {
  return {
    bias: (number & 1) === 1,
    activation: CHOICES[(number >> 1) % CHOICES.length],
    gradient: CHOICES[Math.floor((number >> 1) / CHOICES.length)],
  };
}

export const EPILOGUE_PARAMETERS = `
  cOffset: u32, cStride: u32, biasOffset: u32, yOffset: u32,
  alphaHead: f32, alphaRest: f32, accumulate: u32`;

/** The buffers that it takes besides C. */
export function epilogueBindings({ bias, gradient }: Epilogue): Binding[] {
  return [
    ...bias ? [["bias", "vec4f", "read"]] as const : [],
    ...gradient ? [["y", "vec4f", "read"]] as const : [],
  ];
}

/** Defines `finish(sum, row, column)`, which stores the vec4 that `column` counts in. */
export function epilogueFunctions(
  { bias, activation, gradient }: Epilogue,
  software: boolean,
): string {
  const used = activation ?? gradient;
  return `${used ? activationFunctions(used, software) : ""}
/**
 * alpha sum, alpha being given in two parts, because as one float32 it may err by 2^-24, always to the
 * same side. The first part has 12 bits and so have the parts of the sum: their products are exact,
 * and only the last addition rounds. (A fused multiply-add would do it, but need not be one.)
 * Infinities have no parts.
 */
fn scaled(sum: vec4f) -> vec4f {
  let bits = bitcast<vec4u>(sum);
  let head = bitcast<vec4f>(bits & vec4u(0xfffff000u));
  let rest = opaque4(sum - head) * p.alphaHead;
  let product = head * p.alphaHead + opaque4(rest + sum * p.alphaRest);
  let isFinite = (bits & vec4u(0x7f800000u)) < vec4u(0x7f800000u);
  return select(sum * p.alphaHead, product, isFinite);
}

fn finish(sum: vec4f, row: u32, column: u32) {
  let at = row * p.cStride + column;
  var value = scaled(sum);
  if (p.accumulate != 0u) { value += c[p.cOffset + at]; }
  ${bias ? "value += bias[p.biasOffset + column];" : ""}
  ${activation ? `value = bitcast<vec4f>(${identifierOf(activation)}Of(value));` : ""}
  ${gradient ? `value = ${identifierOf(gradient)}Gradient(value, y[p.yOffset + at]);` : ""}
  c[p.cOffset + at] = value;
}`;
}
