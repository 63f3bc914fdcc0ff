// Hashes of 32 bits whose every output bit depends on every input bit: lib/random/hashes.ts says what each is for.

/** lowbias32 of C. Wellons, "Prospecting for hash functions" (2018). */
// @ts-ignore: decorator
@inline
export function lowbias32(h: u32): u32 {
  h = (h ^ (h >> 16)) * 0x7feb352d;
  h = (h ^ (h >> 15)) * 0x846ca68b;
  return h ^ (h >> 16);
}

/** The finalizer of MurmurHash3 (A. Appleby, public domain), of four lanes. */
// @ts-ignore: decorator
@inline
export function murmur3Mix(h: v128): v128 {
  h = v128.xor(h, i32x4.shr_u(h, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}
