// x[i, :] = data[order[i], :]: brings the rows of one batch together.

/** Bytes up to which a row is copied here: V8 calls out for memory.copy, which takes longer. */
const SHORT: i32 = 64;

/**
 * @param x     B x I bytes, rows `begin` to `end` are written
 * @param data  N x I bytes
 * @param order B row numbers (uint32), each below N
 */
export function gather(x: usize, data: usize, order: usize, inputs: i32, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) {
    const to = x + <usize>i * inputs;
    const from = data + <usize>load<u32>(order + (<usize>i << 2)) * inputs;
    if (inputs > SHORT) {
      memory.copy(to, from, inputs);
      continue;
    }
    let j = 0;
    for (; j + 8 <= inputs; j += 8) store<u64>(to + j, load<u64>(from + j));
    for (; j < inputs; j++) store<u8>(to + j, load<u8>(from + j));
  }
}
