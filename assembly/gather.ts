// x[i, :] = data[order[i], :]: brings the rows of one batch together.

/**
 * @param x     B x I bytes, rows `begin` to `end` are written
 * @param data  N x I bytes
 * @param order B row numbers (uint32), each below N
 */
export function gather(x: usize, data: usize, order: usize, inputs: i32, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) {
    memory.copy(x + <usize>i * inputs, data + <usize>load<u32>(order + (<usize>i << 2)) * inputs, inputs);
  }
}
