import assert from "node:assert/strict";
import fc from "fast-check";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import { TrialDraws, type TrialOptions, valueAt } from "./draws.ts";
import { type Dimension, RANGE_KINDS, type SearchSpace } from "./space.ts";

function take(space: SearchSpace, seed: number, count: number): (TrialOptions | null)[] {
  const draws = new TrialDraws(space, seed);
  return Array.from({ length: count }, () => draws.next());
}

const range = fc.tuple(
  fc.constantFrom(...RANGE_KINDS),
  fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  fc.double({ min: 1.001, max: 1e6, noNaN: true }),
).map(([kind, least, factor]): Dimension => {
  const bounds = [least, least * factor];
  if (kind.endsWith("integer")) {
    const low = Math.ceil(least);
    return { option: "a", kind, values: [low, low + Math.ceil(factor)] };
  }
  return { option: "a", kind, values: bounds as [number, number] };
});

Deno.test("what is drawn of a range lies within its bounds, and is whole where it should be", () => {
  fc.assert(
    fc.property(range, fc.double({ min: 0, max: 1, noNaN: true }), (dimension, share) => {
      const value = valueAt(dimension, share) as number;
      const [least, greatest] = dimension.values as [number, number];
      assert(value >= least && value <= greatest, `${value}`);
      if (dimension.kind.endsWith("integer")) assert(Number.isInteger(value), `${value}`);
      // Digits that say something: a ten-thousandth of a range that is a thousandth of its bounds takes nine; large numbers
      // are whole.
      const digits = String(value).replace(/e.*$/, "").replaceAll(/[-.]/g, "").replace(/^0+/, "");
      const isShort = digits.length <= 10 || (Number.isInteger(value) && digits.length <= 14) ||
        value === least || value === greatest;
      assert(isShort, `${value} is to be typed again`);
    }),
  );
});

Deno.test("the same seed gives the same trials in the same order, however many", () => {
  const other: Dimension = { option: "b", kind: "choice", values: ["x", [1, 2], true] };
  fc.assert(
    fc.property(range, fc.nat(2 ** 32 - 1), fc.integer({ min: 1, max: 20 }), (a, seed, count) => {
      const space = [a, other];
      const trials = take(space, seed, 20);
      assert.deepEqual(take(space, seed, count), trials.slice(0, count));
      assert.deepEqual(Object.keys(trials[0]!), ["a", "b"]);
    }),
    { numRuns: 30 },
  );
  const rate: Dimension = { option: "a", kind: "uniform", values: [0, 1] };
  assert.notDeepEqual(take([rate], 1, 5), take([rate], 2, 5));
});

Deno.test("a range is drawn evenly, on its own scale", () => {
  const cases: [Dimension["kind"], [number, number], (value: number) => number][] = [
    ["uniform", [-2, 3], (value) => (value + 2) / 5],
    ["log-uniform", [1e-4, 1], (value) => 1 + Math.log10(value) / 4],
    ["integer", [0, 999_999], (value) => value / 1e6],
    ["log-integer", [1, 99_999], (value) => Math.log(value + 0.5) / Math.log(1e5)],
  ];
  for (const [kind, values, shareOf] of cases) {
    const dimension = { option: "a", kind, values } as Dimension;
    // Not by trials, of which no two are alike: small numbers would come too seldom.
    const random = new NumpyRandomState(3);
    const shares = Array.from(
      { length: 1000 },
      () => shareOf(valueAt(dimension, random.randomSample()) as number),
    );
    // Kolmogorov and Smirnov: of 1,000 that are even, one in 10,000 is further off than 2.23 / sqrt(1000).
    const sorted = shares.sort((a, b) => a - b);
    const largest = Math.max(...sorted.map((share, i) => Math.abs(share - (i + 0.5) / 1000)));
    // Small whole numbers are far apart on the scale of logarithms: log(2) of log(10^5).
    const steps = kind === "log-integer" ? Math.log(2) / Math.log(1e5) : 0;
    assert(largest < 2.23 / Math.sqrt(1000) + steps, `${kind}: ${largest}`);
  }
});

Deno.test("every whole number of a range comes, the bounds too", () => {
  for (const kind of ["integer", "log-integer"] as const) {
    const space: SearchSpace = [{ option: "a", kind, values: [3, 9] }];
    const drawn = take(space, 1, 8).map((trial) => trial?.a);
    assert.deepEqual(drawn.slice(0, 7).sort(), [3, 4, 5, 6, 7, 8, 9]);
    assert.equal(drawn[7], undefined, "each once, and then there are no more");
  }
});

Deno.test("no two trials are alike, and a small space comes to its end", () => {
  const space: SearchSpace = [
    { option: "a", kind: "choice", values: [1, 2, 3] },
    { option: "b", kind: "fixed", values: ["x"] },
    { option: "c", kind: "integer", values: [1, 4] },
  ];
  const draws = new TrialDraws(space, 5);
  assert.equal(draws.size, 12);
  const seen = new Set<string>();
  for (let trial = draws.next(); trial; trial = draws.next()) seen.add(JSON.stringify(trial));
  assert.equal(seen.size, 12);
  assert.equal(draws.next(), null);
});

Deno.test("a range has the values that are left after rounding, and comes to its end", () => {
  const sizes: [Dimension["kind"], [number, number], number][] = [
    ["log-uniform", [0.1, 0.12], 201],
    ["log-uniform", [1, 10], 9001],
    ["log-uniform", [0.1, 0.10000001], 2],
    ["uniform", [1, 1 + 2 ** -50], 5],
    ["log-integer", [3, 9], 7],
    ["log-integer", [1, 10_000], 10_000],
  ];
  for (const [kind, values, size] of sizes) {
    const draws = new TrialDraws([{ option: "a", kind, values } as Dimension], 1);
    assert(draws.size <= size && draws.size >= 0.99 * size - 1, `${kind} ${values}: ${draws.size}`);
    if (size > 1000) continue;
    const seen = new Set<unknown>();
    for (let trial = draws.next(); trial; trial = draws.next()) seen.add(trial.a);
    assert.equal(seen.size, draws.size, `${kind} ${values}`);
  }
  for (const [kind, values] of [["uniform", [0, 1e6]], ["log-uniform", [1e-6, 1]]] as const) {
    const { size } = new TrialDraws([{ option: "a", kind, values }], 1);
    assert(size > 10_000, `${size}`);
  }
});

Deno.test("any range comes to its end where it is narrow, and not before many where it is not", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RANGE_KINDS),
      fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
      fc.integer({ min: 1, max: 50 }),
      (kind, least, ulps) => {
        const isWhole = kind.endsWith("integer");
        const low = isWhole ? Math.floor(Math.min(least, 2 ** 53 - 100)) + 1 : least;
        const high = isWhole ? low + ulps : low * (1 + ulps * 2 ** -52);
        if (!(high > low && Number.isFinite(high))) return;
        const draws = new TrialDraws([{ option: "a", kind, values: [low, high] }], 1);
        let count = 0;
        while (count <= 300 && draws.next()) count++;
        // Between powers of two there are up to twice as many numbers.
        assert(count >= draws.size && count <= 104, `${count} of ${draws.size}`);
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("numbers are short enough to be typed, and as fine as their range asks for", () => {
  const at = (kind: "uniform" | "log-uniform", values: [number, number]) =>
    valueAt({ option: "a", kind, values }, 1 / 3);
  assert.equal(at("uniform", [0, 1]), 0.3333);
  assert.equal(at("uniform", [0.999, 0.9999]), 0.9993);
  assert.equal(at("uniform", [0, 1e6]), 333333);
  assert.equal(at("log-uniform", [0.001, 1]), 0.01);
  assert.equal(at("log-uniform", [1, 1.01]), 1.0033223);
});
