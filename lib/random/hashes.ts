/**
 * Hashes of 32 bits whose every output bit depends on every input bit. Of a counter each makes random numbers that need no
 * state. There are two because bits of existing runs follow from both: `lowbias32` picks what augmentation does to an image,
 * `murmur3Mix` what dropout drops. assembly/math/hashes.ts and the shaders' math/hashes.ts have the same.
 */

/**
 * lowbias32 of C. Wellons, "Prospecting for hash functions" (2018).
 *
 * @param value a whole number, of which the lower 32 bits count; the result is from 0 to 2^32 - 1
 */
export function lowbias32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ h >>> 16, 0x7feb352d);
  h = Math.imul(h ^ h >>> 15, 0x846ca68b);
  return (h ^ h >>> 16) >>> 0;
}

/** The finalizer of MurmurHash3 (A. Appleby, public domain), likewise. */
export function murmur3Mix(value: number): number {
  let h = Math.imul(value ^ value >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return (h ^ h >>> 16) >>> 0;
}
