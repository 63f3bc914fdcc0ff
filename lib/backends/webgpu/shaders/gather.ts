/**
 * x[i, :] = data[order[start + i], :], four bytes a thread. Of a data set that is spread over
 * several buffers, a dispatch for each copies the rows that are in it.
 */
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** Strides and offsets count words of four bytes. */
export function gather(): Shader {
  return shader(
    "gather",
    `count: u32, stride: u32, xOffset: u32, start: u32,
  /** Row of the data at which the buffer begins, and rows in it. */
  firstRow: u32, rows: u32, dataRow: u32`,
    [["x", "u32", "write"], ["data", "u32", "read"], ["order", "u32", "read"]],
    `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let at = workgroup * ${THREADS}u + thread;
  if (at >= p.count) { return; }
  let i = at / p.stride;
  // Rows before the buffer wrap around and are beyond it, too.
  let row = order[p.start + i] + p.dataRow - p.firstRow;
  if (row >= p.rows) { return; }
  x[p.xOffset + at] = data[row * p.stride + at % p.stride];
}`,
  );
}
