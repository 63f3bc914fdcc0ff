/**
 * Properties of float32 from their bits. A WGSL compiler may assume that a float is neither NaN nor
 * infinite and may take numbers below the normal range for zero, so that comparing floats says
 * nothing about any of these. Integers it must take as they are.
 */
export const BITS = `
const INFINITY_BITS = 0x7f800000u;
const NAN_BITS = 0x7fc00000u;

fn isNan(bits: u32) -> bool {
  return (bits & 0x7fffffffu) > INFINITY_BITS;
}

/** A number as an integer of the same order; both zeros are 0. Not for NaN. */
fn orderOf(bits: u32) -> i32 {
  let key = bitcast<i32>(bits);
  return select(key, -(key & 0x7fffffff), key < 0);
}
`;
