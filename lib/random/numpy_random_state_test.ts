/** Oracle: NumPy 1.24, whose `RandomState` drew `tests/golden/numpy_random_vectors.json`. */

import assert from "node:assert/strict";
import fc from "fast-check";
import vectors from "../../tests/golden/numpy_random_vectors.json" with { type: "json" };
import { WeftError } from "../errors.ts";
import { NumpyRandomState } from "./numpy_random_state.ts";

const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** NumPy and V8 round the same logarithm, each within one unit in the last place. */
const NORMAL_TOLERANCE = 4 * Number.EPSILON;

Deno.test("normals, a permutation and samples from one generator are NumPy's", () => {
  const expected = vectors.randomState42;
  const random = new NumpyRandomState(42);
  for (const normal of expected.first_5_normal) {
    assert(Math.abs(random.normal() - normal) <= NORMAL_TOLERANCE * Math.abs(normal));
  }
  assert.deepEqual([...random.permutation(10)], expected.then_permutation_10);
  const samples = expected.then_random_sample_3.map(() => random.randomSample());
  assert.deepEqual(samples, expected.then_random_sample_3);
});

Deno.test("a permutation of 48,000 begins as NumPy's does", () => {
  const first = new NumpyRandomState(42).permutation(48_000).subarray(0, 8);
  assert.deepEqual([...first], vectors.randomState42_fresh_permutation_48000_first_8);
});

Deno.test("a permutation holds every number once", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 0, max: 500 }), (seed, n) => {
    const sorted = new NumpyRandomState(seed).permutation(n).sort();
    assert.deepEqual([...sorted], Array.from({ length: n }, (_, i) => i));
  }));
});

Deno.test("a permutation is the shuffle of the numbers in order", () => {
  fc.assert(fc.property(seeds, fc.uint32Array({ maxLength: 200 }), (seed, values) => {
    const order = new NumpyRandomState(seed).permutation(values.length);
    const expected = Array.from(order, (row) => values[row]);
    new NumpyRandomState(seed).shuffle(values);
    assert.deepEqual([...values], expected);
  }));
});

Deno.test("samples lie in [0, 1)", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const random = new NumpyRandomState(seed);
    for (let i = 0; i < 50; i++) {
      const sample = random.randomSample();
      assert(sample >= 0 && sample < 1);
    }
  }));
});

Deno.test("filling an array draws the same normals as one call each, rounded for float32", () => {
  const [single, wide, narrow] = [0, 0, 0].map(() => new NumpyRandomState(7));
  const doubles = new Float64Array(101);
  const floats = new Float32Array(101);
  wide.fillNormal(doubles);
  narrow.fillNormal(floats);
  const expected = Float64Array.from({ length: 101 }, () => single.normal());
  assert.deepEqual(doubles, expected);
  assert.deepEqual(floats, new Float32Array(expected));
});

Deno.test("a state that went through JSON continues with the same normals, the spare one included", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 0, max: 9 }), (seed, drawn) => {
    const random = new NumpyRandomState(seed);
    for (let i = 0; i < drawn; i++) random.normal();
    const restored = NumpyRandomState.fromState(JSON.parse(JSON.stringify(random.state())));
    for (let i = 0; i < 5; i++) assert.equal(restored.normal(), random.normal());
    assert.deepEqual(restored.permutation(20), random.permutation(20));
  }));
});

Deno.test("a state whose spare normal is no number is refused", () => {
  const state = new NumpyRandomState(1).state();
  assert.throws(() => NumpyRandomState.fromState({ ...state, spareNormal: NaN }), WeftError);
});
