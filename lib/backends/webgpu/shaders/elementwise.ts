/** The frame of the activation functions' kernels, which go by elements. */
import { activationFunctions, type ActivationName } from "./math/activations.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** The number of vec4, and where each matrix begins. */
const PARAMETERS = "count: u32, outputOffset: u32, inputOffset: u32, yOffset: u32";

/** y = activation(x). @param inPlace whether y is x */
export function activationForward(
  name: ActivationName,
  inPlace: boolean,
  software: boolean,
): Shader {
  const input = inPlace ? "bitcast<vec4f>(y[p.outputOffset + i])" : "x[p.inputOffset + i]";
  return shader(
    `${name}_forward`,
    PARAMETERS,
    inPlace ? [["y", "vec4u", "write"]] : [["y", "vec4u", "write"], ["x", "vec4f", "read"]],
    `${activationFunctions(name, software)}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  y[p.outputOffset + i] = ${name}Of(${input});
}`,
  );
}

/** dx = dy activation'(x), from y = activation(x). @param inPlace whether dx is dy */
export function activationBackward(
  name: ActivationName,
  inPlace: boolean,
  software: boolean,
): Shader {
  const gradient = inPlace ? "dx[p.outputOffset + i]" : "dy[p.inputOffset + i]";
  return shader(
    `${name}_backward`,
    PARAMETERS,
    [
      ["dx", "vec4f", "write"],
      ["y", "vec4f", "read"],
      ...inPlace ? [] : [["dy", "vec4f", "read"]] as const,
    ],
    `${activationFunctions(name, software)}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  dx[p.outputOffset + i] = ${name}Gradient(${gradient}, y[p.yOffset + i]);
}`,
  );
}
