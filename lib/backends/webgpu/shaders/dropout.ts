/** y = x scale, or 0 where the hash of an element's number is below a threshold: see assembly/dropout.ts. */
import { MURMUR3_MIX } from "./math/hashes.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** @param inPlace whether y is x */
export function dropout(inPlace: boolean): Shader {
  const input = inPlace ? "y[p.outputOffset + i]" : "x[p.inputOffset + i]";
  return shader(
    "dropout",
    `count: u32, outputOffset: u32, inputOffset: u32, stride: u32, columns: u32,
  threshold: u32, scale: f32, keyA: u32, keyB: u32`,
    [["y", "vec4f", "write"], ...inPlace ? [] : [["x", "vec4f", "read"]] as const],
    `${MURMUR3_MIX}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  let n = i / p.stride * p.columns + 4u * (i % p.stride) + vec4u(0u, 1u, 2u, 3u);
  let hash = murmur3Mix(murmur3Mix(n ^ vec4u(p.keyA)) + p.keyB);
  let scaled = ${input} * p.scale;
  y[p.outputOffset + i] = select(vec4f(0.0), scaled, hash >= vec4u(p.threshold));
}`,
  );
}
