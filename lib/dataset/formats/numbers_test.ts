import assert from "node:assert/strict";
import fc from "fast-check";
import { numberIn } from "./number_cell.ts";
import { PackedNumbers } from "./packed_numbers.ts";

const encoder = new TextEncoder();
const read = (text: string) => {
  // With others around it, which must not matter.
  const bytes = encoder.encode(`9${text}9`);
  return numberIn(bytes, 1, bytes.length - 1);
};

Deno.test("a cell is the number that Number makes of it", () => {
  for (
    const text of [
      "0",
      "-0",
      "+1",
      ".5",
      "5.",
      "1e3",
      "1E-3",
      "123456789012345678",
      "0.1",
      "1e400",
      "9007199254740993",
    ]
  ) assert(Object.is(read(text), Number(text)), text);
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    for (const text of [String(value), value.toPrecision(7), value.toExponential(12)]) {
      assert(Object.is(read(text), Number(text)), text);
    }
  }));
  fc.assert(fc.property(fc.integer(), fc.integer({ min: 0, max: 12 }), (whole, places) => {
    const text = (whole / 10 ** places).toFixed(places);
    assert(Object.is(read(text), Number(text)), text);
  }));
});

Deno.test("numbers of more digits than float64 holds are rounded as Number rounds them", () => {
  const digits = fc.array(fc.nat(9), { minLength: 12, maxLength: 22 });
  fc.assert(
    fc.property(digits, fc.nat(22), fc.boolean(), (list, place, minus) => {
      const text = `${minus ? "-" : ""}${list.slice(0, place).join("")}.${
        list.slice(place).join("")
      }`;
      assert(Object.is(read(text), Number(text)), text);
    }),
    { numRuns: 20_000 },
  );
  // Halfway between two float64, and next to that: 54 bits, the last of them 1, with places and without.
  const odd = fc.bigInt({ min: 1n << 52n, max: (1n << 53n) - 1n }).map((whole) => 2n * whole + 1n);
  fc.assert(
    fc.property(odd, fc.constantFrom(-1n, 0n, 1n), fc.nat(6), (whole, step, shift) => {
      const large = String((whole << BigInt(shift)) + step);
      assert(Object.is(read(large), Number(large)), large);
      const small = String((whole % 2n ** 44n) * 5n ** BigInt(shift) + step).padStart(8, "0");
      const text = `${small.slice(0, -shift || undefined)}.${shift ? small.slice(-shift) : ""}`;
      assert(Object.is(read(text), Number(text)), text);
    }),
    { numRuns: 20_000 },
  );
});

Deno.test("what Number reads and no person writes is none", () => {
  for (
    const text of [
      "",
      "-",
      ".",
      "e5",
      "1e",
      "1e+",
      "0x10",
      "Infinity",
      "1_000",
      "1,5",
      "1 2",
      "--1",
      "1.2.3",
      "NaN",
    ]
  ) {
    assert(Number.isNaN(read(text)), text);
  }
});

Deno.test("packed numbers come back as they were", () => {
  const number = fc.oneof(
    fc.integer(),
    fc.integer({ min: -200, max: 200 }),
    fc.integer({ min: -99999, max: 99999 }).map((value) => value / 1000),
    fc.double(),
    fc.constantFrom(NaN, 0, -0, 127, -128, 32767, -32768, 2 ** 31 - 1, -(2 ** 31), 1e300, Infinity),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 30 }), (values) => {
      const packed = new PackedNumbers();
      // More than a block, so that some are packed.
      const many = Array.from({ length: 20_000 }, (_, i) => values[i % values.length]);
      for (const value of many) packed.push(value);
      assert.equal(packed.length, many.length);
      many.forEach((value, i) =>
        assert(Object.is(packed.at(i), value), `${packed.at(i)} is not ${value}`)
      );
      assert.equal(packed.at(many.length), undefined);
    }),
    { numRuns: 30 },
  );
});
