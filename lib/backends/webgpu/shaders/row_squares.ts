/** sums[start + i] = sum over j of x[i, j]^2; the lanes of a row add in one order on every device. */
import { type Lanes, reduction, rowOfThread } from "./rows.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** Both matrices as float32, four to a row of sums; what pads the rows of x is left out. */
export function rowSquares(lanes: Lanes): Shader {
  return shader(
    "row_squares",
    "rows: u32, columns: u32, stride: u32, inputOffset: u32, firstSum: u32",
    [["sums", "f32", "write"], ["x", "f32", "read"]],
    `
${reduction("total", lanes, "mine + other")}

@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  ${rowOfThread(lanes)}
  var sum = 0.0;
  for (var j = lane; j < p.columns; j += ${lanes}u) { sum += x[at + j] * x[at + j]; }
  let all = total(thread, lane, sum);
  if (inside && lane == 0u) { sums[4u * (p.firstSum + row)] = all; }
}`,
  );
}
