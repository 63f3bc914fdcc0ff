import assert from "node:assert/strict";
import fc from "fast-check";
import { sha256 } from "./sha256.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("the examples of the standard come out", () => {
  // FIPS 180-4's own, by NIST: https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines
  assert.equal(
    sha256([bytesOf("abc")]),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assert.equal(
    sha256([bytesOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")]),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
  assert.equal(sha256([]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

Deno.test("any bytes, in any parts, have the digest that the system gives", async () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 });
  await fc.assert(fc.asyncProperty(parts, async (parts) => {
    const whole = await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer();
    const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", whole)).toHex();
    assert.equal(sha256(parts), expected);
  }));
});
