/** Numbers of 16 bits (IEEE 754 binary16). `DataView.getFloat16` is missing in Node 22. */

/** Bits of the fraction, and what is subtracted from the exponent. */
const [FRACTION, BIAS] = [10, 15];
const GREATEST_EXPONENT = 31;

/** The number at byte `offset` of `view`, exactly. */
export function float16At(view: DataView, offset: number, littleEndian: boolean): number {
  const bits = view.getUint16(offset, littleEndian);
  const sign = bits >>> 15 ? -1 : 1;
  const exponent = bits >>> FRACTION & GREATEST_EXPONENT;
  const fraction = (bits & (1 << FRACTION) - 1) / (1 << FRACTION);
  if (exponent === GREATEST_EXPONENT) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** (1 - BIAS)
    : sign * (1 + fraction) * 2 ** (exponent - BIAS);
}
