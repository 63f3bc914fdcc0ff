/** Cells of text files as numbers, read from their bytes. */

const [PLUS, MINUS, POINT, ZERO, NINE, UPPER_E, LOWER_E] = [43, 45, 46, 48, 57, 69, 101];

/** Whole numbers and powers of ten up to these are exact in float64, and so is one division or product of both. */
const MOST_EXACT = Number.MAX_SAFE_INTEGER;
const MOST_EXACT_POWER = 22;
const POWERS = Array.from({ length: MOST_EXACT_POWER + 1 }, (_, power) => 10 ** power);

/**
 * The number that a cell holds, as `Number` reads it; NaN if it is none.
 *
 * Decimal numbers only, with a sign, a point and an exponent if they like: no spaces, no 0x10, no Infinity.
 */
export function numberIn(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const sign = bytes[at];
  if (sign === MINUS || sign === PLUS) at++;
  let whole = 0;
  let digits = 0;
  let places = 0;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) break;
    whole = whole * 10 + digit;
    digits++;
  }
  if (at < end && bytes[at] === POINT) {
    for (at++; at < end; at++) {
      const digit = bytes[at] - ZERO;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
      digits++;
      places++;
    }
  }
  if (digits === 0) return NaN;
  if (at === end && whole <= MOST_EXACT && places <= MOST_EXACT_POWER) {
    const value = places === 0 ? whole : whole / POWERS[places];
    return sign === MINUS ? -value : value;
  }
  if (at < end && !isExponent(bytes, at, end)) return NaN;
  return Number(String.fromCharCode(...bytes.subarray(start, end)));
}

/** Whether the bytes are an exponent: e, a sign if any, digits. */
function isExponent(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== LOWER_E && bytes[start] !== UPPER_E) return false;
  let at = start + 1;
  if (bytes[at] === PLUS || bytes[at] === MINUS) at++;
  if (at >= end) return false;
  for (; at < end; at++) if (bytes[at] < ZERO || bytes[at] > NINE) return false;
  return true;
}
