// x[i, j] = data[order[i], sources[t, j]], or 0 where that is beyond the row, with t = hash(key, order[i]) mod T: brings the
// rows of one batch together, each through one of T tables (shifted, mirrored). A row is done by one thread, and its table
// depends on its number and the key alone, so the bytes do not depend on how the rows are shared out.

import { lowbias32 } from "./math/hashes";

/** A byte of the row, 0 beyond it. */
// @ts-ignore: decorator
@inline
function pick(row: usize, source: u32, inputs: i32): u32 {
  return source < <u32>inputs ? <u32>load<u8>(row + source) : 0;
}

/**
 * @param x       B x I bytes, rows `begin` to `end` are written
 * @param data    N x I bytes
 * @param order   B row numbers (uint32), each below N
 * @param sources T x I positions (uint32)
 * @param length  T x I
 */
export function gatherTransformed(
  x: usize,
  data: usize,
  order: usize,
  sources: usize,
  key: u32,
  inputs: i32,
  length: u32,
  begin: i32,
  end: i32,
): void {
  const tables = length / <u32>inputs;
  const whole = inputs & ~3;
  for (let i = begin; i < end; i++) {
    const number = load<u32>(order + (<usize>i << 2));
    const row = data + <usize>number * inputs;
    const transform = lowbias32(lowbias32(number) + key) % tables;
    let source = sources + ((<usize>transform * inputs) << 2);
    let to = x + <usize>i * inputs;
    // Four at a time: every load and store is checked.
    const vectors = to + whole;
    for (; to < vectors; to += 4, source += 16) {
      const four = v128.load(source);
      store<u32>(
        to,
        pick(row, i32x4.extract_lane(four, 0), inputs) |
          (pick(row, i32x4.extract_lane(four, 1), inputs) << 8) |
          (pick(row, i32x4.extract_lane(four, 2), inputs) << 16) |
          (pick(row, i32x4.extract_lane(four, 3), inputs) << 24),
      );
    }
    const last = vectors + (inputs & 3);
    for (; to < last; to++, source += 4) store<u8>(to, pick(row, load<u32>(source), inputs));
  }
}
