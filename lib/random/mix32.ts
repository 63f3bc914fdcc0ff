/**
 * A hash of 32 bits whose every output bit depends on every input bit: lowbias32 of C. Wellons, "Prospecting for hash
 * functions" (2018). Of a counter it makes random numbers that need no state: whoever knows the counter has the number.
 */

/** @param value a whole number, of which the lower 32 bits count; the result is from 0 to 2^32 - 1 */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ h >>> 16, 0x7feb352d);
  h = Math.imul(h ^ h >>> 15, 0x846ca68b);
  return (h ^ h >>> 16) >>> 0;
}
