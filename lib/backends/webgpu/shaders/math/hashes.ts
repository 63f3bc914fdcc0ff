/** Hashes of 32 bits: lib/random/hashes.ts says what each is for. */

/** lowbias32 of C. Wellons, "Prospecting for hash functions" (2018). */
export const LOWBIAS32 = `
fn lowbias32(value: u32) -> u32 {
  var h = (value ^ (value >> 16u)) * 0x7feb352du;
  h = (h ^ (h >> 15u)) * 0x846ca68bu;
  return h ^ (h >> 16u);
}
`;

/** The finalizer of MurmurHash3 (A. Appleby, public domain), four at a time. */
export const MURMUR3_MIX = `
fn murmur3Mix(value: vec4u) -> vec4u {
  var h = value;
  h = (h ^ (h >> vec4u(16u))) * 0x85ebca6bu;
  h = (h ^ (h >> vec4u(13u))) * 0xc2b2ae35u;
  return h ^ (h >> vec4u(16u));
}
`;
