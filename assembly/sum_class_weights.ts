// The sum of the weights of a batch's rows, each being its class's.

/**
 * Adds up elements `begin` to `end` in float64 and leaves one float32 in `sum`. For one thread alone.
 * classWeights: O float32; labels: N bytes; order: B row numbers (uint32).
 */
export function sumClassWeights(sum: usize, classWeights: usize, labels: usize, order: usize, begin: i32, end: i32): void {
  let total: f64 = 0;
  for (let i = begin; i < end; i++) {
    const label = <usize>load<u8>(labels + <usize>load<u32>(order + (<usize>i << 2)));
    total += <f64>load<f32>(classWeights + (label << 2));
  }
  store<f32>(sum, <f32>total);
}
