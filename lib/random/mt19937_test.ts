import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError, WeftError } from "../errors.ts";
import { Mt19937 } from "./mt19937.ts";

const seeds = fc.integer({ min: 0, max: 0xffffffff });

Deno.test("the words of seed 5489 are those that the C++ standard prescribes for mt19937", () => {
  const generator = new Mt19937(5489);
  assert.equal(generator.nextUint32(), 3499211612);
  for (let i = 2; i < 10_000; i++) generator.nextUint32();
  assert.equal(generator.nextUint32(), 4123659995);
});

Deno.test("a state that went through JSON continues with the same words", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 0, max: 1300 }), (seed, drawn) => {
    const generator = new Mt19937(seed);
    for (let i = 0; i < drawn; i++) generator.nextUint32();
    const restored = Mt19937.fromState(JSON.parse(JSON.stringify(generator.state())));
    // More than a whole key, so that a twist happens on both sides.
    for (let i = 0; i < 700; i++) assert.equal(restored.nextUint32(), generator.nextUint32());
  }));
});

Deno.test("a seed that is not a whole number of 32 bits is refused by name", () => {
  for (const seed of [-1, 0x100000000, 1.5, NaN, Infinity]) {
    assert.throws(() => new Mt19937(seed), (error: Error) => {
      assert(error instanceof UsageError);
      assert.match(
        error.message,
        new RegExp(`with ${seed}: give a whole number from 0 to 4294967295$`),
      );
      return true;
    });
  }
});

Deno.test("a state that cannot be MT19937's is refused", () => {
  const good = new Mt19937(1).state();
  const bad = [
    { ...good, key: good.key.slice(1) },
    { ...good, key: good.key.with(5, -1) },
    { ...good, key: good.key.with(5, 0.5) },
    { ...good, position: 625 },
    { ...good, position: -1 },
    { ...good, position: NaN },
  ];
  for (const state of bad) assert.throws(() => Mt19937.fromState(state), WeftError);
});
