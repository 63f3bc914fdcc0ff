/** The finaliser of MurmurHash3 (A. Appleby, public domain): a permutation of 32-bit numbers that mixes every bit. */
export function murmurMix(value: number): number {
  let h = Math.imul(value ^ value >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return (h ^ h >>> 16) >>> 0;
}
