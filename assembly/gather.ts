// x[i, :] = scale * data[order[i], :]: picks the rows of one batch, widens bytes to float32 and scales them.

/**
 * @param x     B x I float32, rows `begin` to `end` are written
 * @param data  N x I bytes
 * @param order B row numbers (uint32), each below N
 */
export function gather(x: usize, data: usize, order: usize, inputs: i32, scale: f32, begin: i32, end: i32): void {
  const scales = f32x4.splat(scale);
  const blocks = inputs & ~15;
  for (let i = begin; i < end; i++) {
    let from = data + <usize>load<u32>(order + (<usize>i << 2)) * inputs;
    let to = x + ((<usize>i * inputs) << 2);
    const blocksEnd = from + blocks;
    while (from < blocksEnd) {
      const low = v128.load8x8_u(from);
      const high = v128.load8x8_u(from, 8);
      v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low)), scales));
      v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low)), scales), 16);
      v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high)), scales), 32);
      v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high)), scales), 48);
      from += 16;
      to += 64;
    }
    for (let j = blocks; j < inputs; j++) {
      store<f32>(to, <f32>load<u8>(from) * scale);
      from += 1;
      to += 4;
    }
  }
}
