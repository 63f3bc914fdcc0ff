/** The frame of the activation functions' kernels, which go by elements. */
import { type ActivationKind, identifierOf } from "../../../backend/activations.ts";
import { activationFunctions } from "./math/activations.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** The number of vec4, and where each matrix begins. */
const PARAMETERS = "count: u32, outputOffset: u32, inputOffset: u32, yOffset: u32";

/** y = activation(x). @param inPlace whether y is x */
export function activationForward(
  kind: ActivationKind,
  inPlace: boolean,
  software: boolean,
): Shader {
  const input = inPlace ? "bitcast<vec4f>(y[p.outputOffset + i])" : "x[p.inputOffset + i]";
  return shader(
    `${kind}_forward`,
    PARAMETERS,
    inPlace ? [["y", "vec4u", "write"]] : [["y", "vec4u", "write"], ["x", "vec4f", "read"]],
    `${activationFunctions(kind, software)}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  y[p.outputOffset + i] = ${identifierOf(kind)}Of(${input});
}`,
  );
}

/** dx = dy activation'(x), from what the row of `kind` says. @param inPlace whether dx is dy */
export function activationBackward(
  kind: ActivationKind,
  inPlace: boolean,
  software: boolean,
): Shader {
  const gradient = inPlace ? "dx[p.outputOffset + i]" : "dy[p.inputOffset + i]";
  return shader(
    `${kind}_backward`,
    PARAMETERS,
    [
      ["dx", "vec4f", "write"],
      ["y", "vec4f", "read"],
      ...inPlace ? [] : [["dy", "vec4f", "read"]] as const,
    ],
    `${activationFunctions(kind, software)}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  dx[p.outputOffset + i] = ${identifierOf(kind)}Gradient(${gradient}, y[p.yOffset + i]);
}`,
  );
}
