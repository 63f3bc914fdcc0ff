/**
 * x Phi(x) and its gradient Phi(x) + x phi(x), by the method of assembly/math/normal_tail.ts. Relative
 * error at most 9.5e-7; below the normal range that of the smallest normal number, and one unit of the
 * last place. Needs BITS, EXP and divide.
 */
export const GELU = `
/** From here on e^(-t^2 / 2) is zero in float32. */
const NORMAL_END = 15.0;

/** e^(-t^2 / 2): the rounding of the square, found by exact products of halves, corrects it. */
fn normalExponential(t: f32) -> Scaled {
  let square = opaque(t * t);
  let head = bitcast<f32>(bitcast<u32>(t) & 0xfffff000u);
  let rest = opaque(t - head);
  let both = opaque(head * rest);
  let error = opaque(opaque(head * head) - square) + 2.0 * both + rest * rest;
  let e = expScaled(-0.5 * square);
  return Scaled(e.fraction - e.fraction * (0.5 * error), e.exponent);
}

/** Of the tail of the normal distribution, what the exponential is multiplied by. */
fn normalRatio(t: f32) -> f32 {
  let v = divide(3.0, t + 3.0);
  var polynomial = fma(-0.00930355582, v, 0.0248512961);
  polynomial = fma(polynomial, v, 0.0247416422);
  polynomial = fma(polynomial, v, -0.141245946);
  polynomial = fma(polynomial, v, 0.119157515);
  polynomial = fma(polynomial, v, -0.00435261987);
  polynomial = fma(polynomial, v, 0.104546495);
  polynomial = fma(polynomial, v, 0.115378015);
  polynomial = fma(polynomial, v, 0.133257851);
  polynomial = fma(polynomial, v, 0.13296929);
  return polynomial * v;
}

/** Half a number close to zero, rounded to the nearest. */
fn halfBits(bits: u32) -> u32 {
  if ((bits & INFINITY_BITS) > 0x00800000u) { return bits - 0x00800000u; }
  return (bits & 0x80000000u) | (((bits & 0x00ffffffu) + 1u) >> 1u);
}

fn geluBits(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  if (isNan(bits)) { return NAN_BITS; }
  let magnitude = bits & 0x7fffffffu;
  // Below 2^-30, x^2 phi(0) is less than a rounding of x / 2.
  if (magnitude < 0x30800000u) { return halfBits(bits); }
  let t = select(NORMAL_END, abs(x), magnitude < bitcast<u32>(NORMAL_END));
  let e = normalExponential(t);
  let ratio = normalRatio(t);
  if ((bits >> 31u) == 1u) {
    return bitsOf(Scaled(e.fraction * ratio * t, e.exponent)) | 0x80000000u;
  }
  if (magnitude >= bitcast<u32>(NORMAL_END)) { return bits; }
  return bitcast<u32>(x * (1.0 - bitcast<f32>(bitsOf(Scaled(e.fraction * ratio, e.exponent)))));
}

fn geluOf(x: vec4f) -> vec4u {
  return vec4u(geluBits(x.x), geluBits(x.y), geluBits(x.z), geluBits(x.w));
}

/** NaN of NaN. */
fn geluSlope(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if (isNan(bits)) { return bitcast<f32>(NAN_BITS | p.zero); }
  let t = select(NORMAL_END, abs(x), (bits & 0x7fffffffu) < bitcast<u32>(NORMAL_END));
  let scaled = normalExponential(t);
  let e = bitcast<f32>(bitsOf(scaled));
  let tail = e * normalRatio(t);
  let slope = 0.3989422804014327 * t * e;
  return select((1.0 - tail) + slope, tail - slope, (bits >> 31u) == 1u);
}

fn geluGradient(dy: vec4f, x: vec4f) -> vec4f {
  return dy * vec4f(geluSlope(x.x), geluSlope(x.y), geluSlope(x.z), geluSlope(x.w));
}
`;
