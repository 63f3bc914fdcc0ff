import assert from "node:assert/strict";
import { murmurMix } from "./murmur.ts";

Deno.test("MurmurHash3's finaliser has its published values, and gives no value twice", () => {
  assert.equal(murmurMix(0), 0);
  assert.equal(murmurMix(1), 0x514e28b7);
  assert.equal(murmurMix(2 ** 32 + 1), murmurMix(1));
  const values = Array.from({ length: 1 << 16 }, (_, i) => murmurMix(i * 65537));
  assert.equal(new Set(values).size, values.length);
});
