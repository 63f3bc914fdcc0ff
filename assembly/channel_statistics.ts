// From the moments of a batch's parts (channel_moments.ts) to those of the batch, in double precision: there are few.

/**
 * @param statistics 2 x C float32: mean, and 1 / sqrt(variance + epsilon)
 * @param running    2 x C, read and written: of means and of unbiased variances, running += momentum (batch's - running)
 * @param moments    S x 2C
 */
export function channelStatistics(
  statistics: usize,
  running: usize,
  moments: usize,
  momentum: f32,
  epsilon: f32,
  parts: i32,
  channels: i32,
  images: i32,
  positions: i32,
  _begin: i32,
  _end: i32,
): void {
  const stride = <usize>channels << 2;
  const total = <f64>images * <f64>positions;
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 2;
    let mean: f64 = 0, squares: f64 = 0, met: f64 = 0;
    for (let s = 0; s < parts; s++) {
      const first = <i32>(<i64>images * s / parts);
      const count = <f64>(<i32>(<i64>images * (s + 1) / parts) - first) * <f64>positions;
      if (count == 0) continue;
      const from = moments + 2 * <usize>s * stride + at;
      const distance = <f64>load<f32>(from) - mean;
      mean += distance * count / (met + count);
      squares += <f64>load<f32>(from + stride) + distance * distance * met * count / (met + count);
      met += count;
    }
    const variance = squares / total;
    store<f32>(statistics + at, <f32>mean);
    store<f32>(statistics + stride + at, <f32>(1 / Math.sqrt(variance + <f64>epsilon)));
    const oldMean = <f64>load<f32>(running + at);
    store<f32>(running + at, <f32>(oldMean + <f64>momentum * (mean - oldMean)));
    const old = <f64>load<f32>(running + stride + at);
    store<f32>(running + stride + at, <f32>(old + <f64>momentum * (squares / (total - 1) - old)));
  }
}
