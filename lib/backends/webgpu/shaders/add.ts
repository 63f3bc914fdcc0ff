/** y = (a + b) factor. */
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** @param inPlace whether y is a */
export function add(inPlace: boolean): Shader {
  const input = inPlace ? "y[p.outputOffset + i]" : "a[p.inputOffset + i]";
  return shader(
    "add",
    "count: u32, outputOffset: u32, inputOffset: u32, otherOffset: u32, factor: f32",
    [
      ["y", "vec4f", "write"],
      ["b", "vec4f", "read"],
      ...inPlace ? [] : [["a", "vec4f", "read"]] as const,
    ],
    `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  y[p.outputOffset + i] = (${input} + b[p.otherOffset + i]) * p.factor;
}`,
  );
}
