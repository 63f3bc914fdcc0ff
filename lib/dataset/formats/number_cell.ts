/** Cells of text files as numbers, read from their bytes. */

const [PLUS, MINUS, POINT, ZERO, NINE, UPPER_E, LOWER_E] = [43, 45, 46, 48, 57, 69, 101];

/** Whole numbers of so many digits and powers of ten up to these are exact in float64, and so is one quotient of both. */
const MOST_EXACT_DIGITS = 15;
const MOST_EXACT_POWER = 22;
/** Programs write 17 digits of a float64 that is to be read back. */
const MOST_DIGITS = 19;
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
  let [whole, significant, rest] = [0, 0, 0];
  let point = -1;
  const first = at;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (significant < MOST_EXACT_DIGITS) whole = whole * 10 + digit;
      else if (significant < MOST_DIGITS) rest = rest * 10 + digit;
      if (significant > 0 || digit > 0) significant++;
    } else if (bytes[at] === POINT && point < 0) point = at;
    else break;
  }
  if (at - first === (point < 0 ? 0 : 1)) return NaN;
  const places = point < 0 ? 0 : at - point - 1;
  if (at === end && places <= MOST_EXACT_POWER && significant <= MOST_DIGITS) {
    const value = significant <= MOST_EXACT_DIGITS
      ? whole / POWERS[places]
      : longQuotient(whole, POWERS[significant - MOST_EXACT_DIGITS], rest, POWERS[places]);
    if (!Number.isNaN(value)) return sign === MINUS ? -value : value;
  }
  if (at < end && !isExponent(bytes, at, end)) return NaN;
  return Number(String.fromCharCode(...bytes.subarray(start, end)));
}

/** Splits a float64 in halves of 26 bits (Dekker). */
const SPLITTER = 2 ** 27 + 1;

/** What is missing of a product to be exact. */
function productError(a: number, b: number, product: number): number {
  const [scaledA, scaledB] = [SPLITTER * a, SPLITTER * b];
  const [highA, highB] = [scaledA - (scaledA - a), scaledB - (scaledB - b)];
  const [lowA, lowB] = [a - highA, b - highB];
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}

/**
 * (whole x power + rest) / divisor, rounded once: in pairs of float64, which hold 32 digits.
 *
 * @param whole, power, rest whole numbers that are exact
 * @returns NaN where that is so near to halfway between two float64 that it does not tell which is nearer
 */
function longQuotient(whole: number, power: number, rest: number, divisor: number): number {
  const product = whole * power;
  const sum = product + rest;
  const ofRest = sum - product;
  const sumError = product - (sum - ofRest) + (rest - ofRest) + productError(whole, power, product);
  const high = sum + sumError;
  const low = sumError - (high - sum);
  const quotient = high / divisor;
  const back = quotient * divisor;
  const more = (high - back - productError(quotient, divisor, back) + low) / divisor;
  const doubt = Math.abs(more) * 2 ** -40 + quotient * 2 ** -90;
  const value = quotient + (more - doubt);
  return value === quotient + (more + doubt) ? value : NaN;
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
