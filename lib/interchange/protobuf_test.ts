import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bytesField,
  encodeMessage,
  floatField,
  messageField,
  textField,
  varintField,
} from "./protobuf.ts";

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

Deno.test("fields have the bytes of the examples in the format's documentation", () => {
  assert.equal(hex(encodeMessage([varintField(1, 150)])), "08 96 01");
  assert.equal(hex(encodeMessage([textField(2, "testing")])), "12 07 74 65 73 74 69 6e 67");
  assert.equal(hex(encodeMessage([messageField(3, [varintField(1, 150)])])), "1a 03 08 96 01");
});

Deno.test("a float has four bytes, little-endian", () => {
  assert.equal(hex(encodeMessage([floatField(2, 1)])), "15 00 00 80 3f");
  assert.equal(hex(encodeMessage([floatField(2, 0.1)])), "15 cd cc cc 3d");
});

Deno.test("numbers of fields above 15 take two bytes, and empty messages none", () => {
  assert.equal(hex(encodeMessage([varintField(20, 2)])), "a0 01 02");
  assert.equal(hex(encodeMessage([textField(1, ""), messageField(2, [])])), "0a 00 12 00");
  assert.equal(encodeMessage([]).length, 0);
});

Deno.test("a long message keeps the length of all its pieces", () => {
  const weights = new Uint8Array(300).fill(7);
  const bytes = encodeMessage([messageField(1, [varintField(1, 1), bytesField(2, weights)])]);
  assert.equal(hex(bytes.subarray(0, 8)), "0a b1 02 08 01 12 ac 02");
  assert.equal(bytes.length, 8 + weights.length);
});

Deno.test("any whole number from 0 to 2^53 - 1 is read back from its varint", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (value) => {
    const bytes = encodeMessage([varintField(1, value)]).subarray(1);
    const read = bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n);
    assert.equal(read, BigInt(value));
    assert(bytes.every((byte, i) => (byte >= 0x80) === (i < bytes.length - 1)));
  }));
});

Deno.test("what is no whole number from 0 up is a defect of the caller", () => {
  for (const value of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => varintField(1, value), RangeError);
  }
});
