/**
 * w -= learningRate (dw + l1 sign(w) + l2 w) in compensated arithmetic (Kahan, 1965), as in
 * assembly/sgd.ts: what a step is too small to change in w stays in the residual for the next.
 */
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

export function sgd(): Shader {
  return shader(
    "sgd",
    `count: u32, wOffset: u32, residualOffset: u32, dwOffset: u32,
  learningRate: f32, l1: f32, l2: f32`,
    [["w", "vec4f", "write"], ["residual", "vec4f", "write"], ["dw", "vec4f", "read"]],
    `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  let old = w[p.wOffset + i];
  let gradient = dw[p.dwOffset + i] + (p.l1 * sign(old) + p.l2 * old);
  let wanted = residual[p.residualOffset + i] - p.learningRate * gradient;
  let moved = opaque4(old + wanted);
  w[p.wOffset + i] = moved;
  residual[p.residualOffset + i] = wanted - (moved - old);
}`,
  );
}
