/**
 * x[i, j] = data[row, sources[t, j]], or 0 where that is beyond the row, with row = order[start + i] and
 * t = hash(key, row) mod T, as in assembly/gather_transformed.ts. Four bytes a thread; a dispatch for each
 * buffer of the data set, as in gather.ts.
 */
import { LOWBIAS32 } from "./math/hashes.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** Strides and offsets count words of four bytes. */
export function gatherTransformed(): Shader {
  return shader(
    "gather_transformed",
    `count: u32, stride: u32, xOffset: u32, start: u32,
  /** Row of the data at which the buffer begins, and rows in it. */
  firstRow: u32, rows: u32, dataRow: u32,
  columns: u32, tables: u32, key: u32`,
    [
      ["x", "u32", "write"],
      ["data", "u32", "read"],
      ["order", "u32", "read"],
      ["sources", "u32", "read"],
    ],
    `${LOWBIAS32}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let at = workgroup * ${THREADS}u + thread;
  if (at >= p.count) { return; }
  let number = order[p.start + at / p.stride];
  // Rows before the buffer wrap around and are beyond it, too.
  let row = number + p.dataRow - p.firstRow;
  if (row >= p.rows) { return; }
  let table = lowbias32(lowbias32(number) + p.key) % p.tables * p.columns;
  let first = at % p.stride * 4u;
  var word = 0u;
  // Bytes of the padding stay 0.
  for (var k = 0u; k < 4u && first + k < p.columns; k++) {
    let source = sources[table + first + k];
    if (source < p.columns) {
      let byte = (data[row * p.stride + source / 4u] >> (source % 4u * 8u)) & 0xffu;
      word |= byte << (k * 8u);
    }
  }
  x[p.xOffset + at] = word;
}`,
  );
}
