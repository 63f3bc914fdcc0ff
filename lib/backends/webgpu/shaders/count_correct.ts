/** count[0, 0] = number of i with classes[i] = labels[order[i]], by one workgroup. */
import { type Shader, shader } from "./shader.ts";

const LANES = 256;

/** classes and count are float32, four to a row; labels are words, one to a row. */
export function countCorrect(): Shader {
  return shader(
    "count_correct",
    "rows: u32, countOffset: u32, classesOffset: u32, labelsOffset: u32",
    [
      ["count", "f32", "write"],
      ["classes", "f32", "read"],
      ["labels", "u32", "read"],
      ["order", "u32", "read"],
    ],
    `
var<workgroup> partial: array<u32, ${LANES}>;

@compute @workgroup_size(${LANES})
fn main(@builtin(local_invocation_index) thread: u32) {
  var correct = 0u;
  for (var i = thread; i < p.rows; i += ${LANES}u) {
    let label = labels[p.labelsOffset + order[i]] & 255u;
    correct += select(0u, 1u, classes[4u * (p.classesOffset + i)] == f32(label));
  }
  partial[thread] = correct;
  for (var half = ${LANES / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) { partial[thread] += partial[thread + half]; }
  }
  if (thread == 0u) { count[4u * p.countOffset] = f32(partial[0]); }
}`,
  );
}
