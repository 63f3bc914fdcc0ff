/** max(x, 0) and its gradient, on the bits: exact, NaN stays NaN, the smallest number counts. */
export const RELU = `
fn reluBits(bits: u32) -> u32 {
  return select(bits, 0u, (bits >> 31u) == 1u && !isNan(bits));
}

fn reluOf(x: vec4f) -> vec4u {
  let bits = bitcast<vec4u>(x);
  return vec4u(reluBits(bits.x), reluBits(bits.y), reluBits(bits.z), reluBits(bits.w));
}

/** Neither zero, nor negative, nor NaN. */
fn isPositive(bits: vec4u) -> vec4<bool> {
  return bits - 1u < vec4u(INFINITY_BITS);
}

fn reluGradient(dy: vec4f, y: vec4f) -> vec4f {
  return bitcast<vec4f>(select(vec4u(0u), bitcast<vec4u>(dy), isPositive(bitcast<vec4u>(y))));
}
`;
