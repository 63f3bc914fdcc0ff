import assert from "node:assert/strict";
import { lowbias32, murmur3Mix } from "./hashes.ts";

/** Of 0 and 1, from the authors' C. */
const PUBLISHED = [
  { hash: lowbias32, of0: 0, of1: 0x688990c0 },
  { hash: murmur3Mix, of0: 0, of1: 0x514e28b7 },
];

for (const { hash, of0, of1 } of PUBLISHED) {
  Deno.test(`${hash.name} has its published values, and gives no value twice`, () => {
    assert.equal(hash(0), of0);
    assert.equal(hash(1), of1);
    assert.equal(hash(2 ** 32 + 1), hash(1));
    const values = Array.from({ length: 1 << 16 }, (_, i) => hash(i * 65537));
    assert.equal(new Set(values).size, values.length);
  });
}
