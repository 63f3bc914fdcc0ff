/** The hash that decides which elements dropout drops: as assembly/dropout.ts has it, an element at a time. */

/** The finaliser of MurmurHash3 (A. Appleby, public domain). */
function mix(h: number): number {
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return h ^ h >>> 16;
}

/** The hash of element `n`, from 0 to 2^32 - 1. */
export function dropoutHash(n: number, keyA: number, keyB: number): number {
  return mix(mix(n ^ keyA) + keyB | 0) >>> 0;
}
