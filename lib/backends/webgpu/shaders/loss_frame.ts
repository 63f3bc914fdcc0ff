/** The frame of losses that are a mean over a row's outputs: see ../losses.ts. */
import { BITS } from "./math/bits.ts";
import { divide } from "./math/divide.ts";
import { type Lanes, reduction, ROW_PARAMETERS, rowOfThread } from "./rows.ts";
import {
  type Binding,
  LINEAR_ARGUMENTS,
  LINEAR_GROUP,
  type Shader,
  shader,
  THREADS,
} from "./shader.ts";

/** What one loss has of its own. */
interface LossShader {
  readonly name: string;
  /** The thirteenth parameter. */
  readonly parameter: string;
  /** After the gradient and the losses; the row of `targets` begins at `target_`. */
  readonly bindings: readonly Binding[];
  readonly functions: string;
  /** Lets `loss` and `slope`, the loss by the logit, be those of the logit `logit` in column j. */
  readonly element: string;
}

/**
 * @param weighted whether rows have weights
 * @param inPlace  whether dLogits is the logits
 */
export function lossShader(
  { name, parameter, bindings, functions, element }: LossShader,
  lanes: Lanes,
  weighted: boolean,
  inPlace: boolean,
  software: boolean,
): Shader {
  return shader(
    name,
    `${ROW_PARAMETERS}, outputOffset: u32, lossesOffset: u32, targetsOffset: u32, start: u32,
  share: f32, unused: u32, targetStride: u32, weightsOffset: u32, ${parameter}`,
    [
      ["dz", "f32", "write"],
      ["losses", "f32", "write"],
      ...bindings,
      ...weighted ? [["rowWeights", "f32", "read"]] as const : [],
      ...inPlace ? [] : [["z", "f32", "read"]] as const,
    ],
    `${BITS}${divide(software)}${functions}
${reduction("rowLoss", lanes, "mine + other")}

@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  ${rowOfThread(lanes)}
  let source = order[p.start + min(row, p.rows - 1u)];
  let weight = ${weighted ? "rowWeights[p.weightsOffset + 4u * source]" : "1.0"};
  let target_ = p.targetsOffset + source * p.targetStride;
  let output = p.outputOffset + row * p.stride;
  var partial = 0.0;
  for (var j = lane; j < p.columns; j += ${lanes}u) {
    let logit = ${inPlace ? "dz" : "z"}[at + j];
    ${element}
    partial += loss;
    if (inside) { dz[output + j] = slope * (weight * p.share); }
  }
  let total = rowLoss(thread, lane, partial);
  if (inside && lane == 0u) {
    losses[4u * (p.lossesOffset + row)] = weight * divide(total, f32(p.columns));
  }
}`,
  );
}
