/** sum[0, 0] = the sum over i of classWeights[0, labels[order[start + i]]], by one workgroup. */
import { type Shader, shader } from "./shader.ts";

const LANES = 256;

/** sum is float32, four to a row; labels are words, one to a row. */
export function sumClassWeights(): Shader {
  return shader(
    "sum_class_weights",
    "rows: u32, sumOffset: u32, weightsOffset: u32, labelsOffset: u32, start: u32",
    [
      ["sum", "f32", "write"],
      ["weights", "f32", "read"],
      ["labels", "u32", "read"],
      ["order", "u32", "read"],
    ],
    `
var<workgroup> partial: array<f32, ${LANES}>;

@compute @workgroup_size(${LANES})
fn main(@builtin(local_invocation_index) thread: u32) {
  var total = 0.0;
  for (var i = thread; i < p.rows; i += ${LANES}u) {
    total += weights[p.weightsOffset + (labels[p.labelsOffset + order[p.start + i]] & 255u)];
  }
  partial[thread] = total;
  for (var half = ${LANES / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) { partial[thread] += partial[thread + half]; }
  }
  if (thread == 0u) { sum[p.sumOffset] = partial[0]; }
}`,
  );
}
