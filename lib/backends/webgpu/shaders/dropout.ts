/** y = x scale, or 0 where the hash of an element's number is below a threshold: see assembly/dropout.ts. */
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** @param inPlace whether y is x */
export function dropout(inPlace: boolean): Shader {
  const input = inPlace ? "y[p.outputOffset + i]" : "x[p.inputOffset + i]";
  return shader(
    "dropout",
    `count: u32, outputOffset: u32, inputOffset: u32, stride: u32, columns: u32,
  threshold: u32, scale: f32, keyA: u32, keyB: u32`,
    [["y", "vec4f", "write"], ...inPlace ? [] : [["x", "vec4f", "read"]] as const],
    `
fn mix4(value: vec4u) -> vec4u {
  var h = value;
  h = (h ^ (h >> vec4u(16u))) * 0x85ebca6bu;
  h = (h ^ (h >> vec4u(13u))) * 0xc2b2ae35u;
  return h ^ (h >> vec4u(16u));
}

@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  let n = i / p.stride * p.columns + 4u * (i % p.stride) + vec4u(0u, 1u, 2u, 3u);
  let hash = mix4(mix4(n ^ vec4u(p.keyA)) + p.keyB);
  let scaled = ${input} * p.scale;
  y[p.outputOffset + i] = select(vec4f(0.0), scaled, hash >= vec4u(p.threshold));
}`,
  );
}
