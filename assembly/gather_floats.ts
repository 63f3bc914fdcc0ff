// x[i, :] = data[order[i], :] of float32: brings the rows of one batch together.
import { gather } from "./gather";

/**
 * @param x     B x I float32, rows `begin` to `end` are written
 * @param data  N x I float32
 * @param order B row numbers (uint32), each below N
 */
export function gatherFloats(x: usize, data: usize, order: usize, inputs: i32, begin: i32, end: i32): void {
  gather(x, data, order, inputs << 2, begin, end);
}
