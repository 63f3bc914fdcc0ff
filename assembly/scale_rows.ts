// y[i, :] = x[i, :] * scales[order[i]]: lets rows of a batch count more or less.

/**
 * @param y      B x O float32, rows `begin` to `end` are written; may be x
 * @param x      B x O float32
 * @param scales N float32
 * @param order  B row numbers (uint32), each below N
 */
export function scaleRows(y: usize, x: usize, scales: usize, order: usize, columns: i32, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) {
    const row = (<usize>i * columns) << 2;
    const source = <usize>load<u32>(order + (<usize>i << 2));
    const scale = load<f32>(scales + (source << 2));
    for (let j: usize = 0; j < <usize>columns << 2; j += 4) {
      store<f32>(y + row + j, load<f32>(x + row + j) * scale);
    }
  }
}
