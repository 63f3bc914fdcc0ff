/** y[i, :] = x[i, :] * scales[order[start + i]], a float32 a thread; what pads rows is scaled, too. */
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** Strides and offsets count float32. @param inPlace whether y is x */
export function scaleRows(inPlace: boolean): Shader {
  return shader(
    "scale_rows",
    "count: u32, stride: u32, yOffset: u32, xOffset: u32, scalesOffset: u32, start: u32",
    [
      ["y", "f32", "write"],
      ["scales", "f32", "read"],
      ["order", "u32", "read"],
      ...inPlace ? [] : [["x", "f32", "read"]] as const,
    ],
    `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let at = workgroup * ${THREADS}u + thread;
  if (at >= p.count) { return; }
  let source = order[p.start + at / p.stride];
  let scale = scales[p.scalesOffset + 4u * source];
  y[p.yOffset + at] = ${inPlace ? "y" : "x"}[p.xOffset + at] * scale;
}`,
  );
}
