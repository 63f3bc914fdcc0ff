/** y[i, :] = x[i, :] + bias. */
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** @param inPlace whether y is x */
export function addBias(inPlace: boolean): Shader {
  const input = inPlace ? "y[p.outputOffset + i]" : "x[p.inputOffset + i]";
  return shader(
    "add_bias",
    "count: u32, outputOffset: u32, inputOffset: u32, biasOffset: u32, stride: u32",
    [
      ["y", "vec4f", "write"],
      ["bias", "vec4f", "read"],
      ...inPlace ? [] : [["x", "vec4f", "read"]] as const,
    ],
    `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  y[p.outputOffset + i] = ${input} + bias[p.biasOffset + i % p.stride];
}`,
  );
}
