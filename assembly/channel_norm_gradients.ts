// dbias[c] and dweight[c]: the sums of all parts that channel_gradient_sums.ts left, from the first on.

/** dweight, dbias: C float32; sums: S x 2C. */
export function channelNormGradients(
  dweight: usize,
  dbias: usize,
  sums: usize,
  parts: i32,
  channels: i32,
  _begin: i32,
  _end: i32,
): void {
  const stride = <usize>channels << 2;
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 2;
    let plain: f64 = 0, scaled: f64 = 0;
    for (let s = 0; s < parts; s++) {
      const from = sums + 2 * <usize>s * stride + at;
      plain += <f64>load<f32>(from);
      scaled += <f64>load<f32>(from + stride);
    }
    store<f32>(dbias + at, <f32>plain);
    store<f32>(dweight + at, <f32>scaled);
  }
}
