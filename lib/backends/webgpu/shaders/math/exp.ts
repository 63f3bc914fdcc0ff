/**
 * e^x, by the method of assembly/math/exp.ts: Cody and Waite's reduction x = n ln 2 + r, and Cephes'
 * polynomial for e^r. 2^n is put in by integer arithmetic, so that results below the normal range
 * are right on devices, too, that take such numbers for zero.
 *
 * Relative error at most 1e-7 where the result is a normal number; at most one unit of the last
 * place (1.4e-45) below. Needs BITS.
 */
export const EXP = `
/** fraction * 2^exponent; the fraction is a normal number above 0. */
struct Scaled { fraction: f32, exponent: i32 }

/** e^x, for x that is a number; infinite above 88.73, zero below -103.98. */
fn expScaled(x: f32) -> Scaled {
  let bounded = clamp(x, -105.0, 89.0);
  let n = round(bounded * 1.44269504);
  // ln 2 in two parts: n times the first, which ends in zeros, is exact.
  let r = fma(n, 2.12194440e-4, opaque(fma(n, -0.693359375, bounded)));
  var polynomial = fma(1.9875691500e-4, r, 1.3981999507e-3);
  polynomial = fma(polynomial, r, 8.3334519073e-3);
  polynomial = fma(polynomial, r, 4.1665795894e-2);
  polynomial = fma(polynomial, r, 1.6666665459e-1);
  polynomial = fma(polynomial, r, 5.0000001201e-1);
  // 1 comes last: what is before it is smaller, and so is what it is rounded by.
  return Scaled(opaque(fma(polynomial, r * r, r)) + 1.0, i32(n));
}

/** The bits of fraction * 2^exponent, rounded to the nearest, to the even one of two. */
fn bitsOf(value: Scaled) -> u32 {
  let bits = bitcast<u32>(value.fraction);
  let exponent = i32(bits >> 23u) + value.exponent;
  if (exponent >= 255) { return INFINITY_BITS; }
  let mantissa = bits & 0x007fffffu;
  if (exponent > 0) { return (u32(exponent) << 23u) | mantissa; }
  let whole = mantissa | 0x00800000u;
  let shift = u32(min(1 - exponent, 25));
  let kept = whole >> shift;
  let rest = whole & ((1u << shift) - 1u);
  let half = 1u << (shift - 1u);
  return kept + select(0u, 1u, rest > half || (rest == half && (kept & 1u) == 1u));
}

/** e^x of anything; NaN of NaN. */
fn expOf(x: f32) -> f32 {
  return bitcast<f32>(select(bitsOf(expScaled(x)), NAN_BITS, isNan(bitcast<u32>(x))));
}
`;
