import assert from "node:assert/strict";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import { type Initializer, INITIALIZERS, initialTensors } from "./initializers.ts";
import { Network } from "./network.ts";
import { parametersOf } from "./tensors.ts";

const NETWORK = Network.of({ inputs: 300, hidden: [200], outputs: 100, activation: "relu" });

const initialParameters = (initializer: Initializer, random: NumpyRandomState) =>
  parametersOf(initialTensors(NETWORK, initializer, random));

/** Variances for a layer of I inputs and O outputs. */
const VARIANCES: Readonly<Record<Initializer, (inputs: number, outputs: number) => number>> = {
  "normal": () => 1,
  "glorot-normal": (inputs, outputs) => 2 / (inputs + outputs),
  "glorot-uniform": (inputs, outputs) => 2 / (inputs + outputs),
  "he-normal": (inputs) => 2 / inputs,
  "he-uniform": (inputs) => 2 / inputs,
  "lecun-normal": (inputs) => 1 / inputs,
  "lecun-uniform": (inputs) => 1 / inputs,
};

for (const initializer of INITIALIZERS) {
  Deno.test(`${initializer}: mean, variance and bounds are as they should be, biases zero`, () => {
    const layers = initialParameters(initializer, new NumpyRandomState(7));
    [[300, 200], [200, 100]].forEach(([inputs, outputs], l) => {
      const { weights, bias } = layers[l];
      const count = inputs * outputs;
      assert.equal(weights.length, count);
      assert.deepEqual(bias, new Float32Array(outputs));
      const variance = VARIANCES[initializer](inputs, outputs);
      const mean = weights.reduce((sum, w) => sum + w, 0) / count;
      const found = weights.reduce((sum, w) => sum + w * w, 0) / count;
      // Five standard errors: of the mean, and of w^2, whose variance is 2 (normal) or 4/5 (uniform) of its mean's square.
      assert(Math.abs(mean) < 5 * Math.sqrt(variance / count), `mean ${mean}`);
      const isUniform = initializer.endsWith("uniform");
      const spread = Math.sqrt((isUniform ? 0.8 : 2) / count);
      assert(Math.abs(found / variance - 1) < 5 * spread, `variance ${found} for ${variance}`);
      const largest = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
      const limit = Math.sqrt(3 * variance);
      if (isUniform) assert(largest <= Math.fround(limit) && largest > 0.99 * limit);
      else assert(largest > 1.5 * limit);
    });
  });
}

Deno.test("weights are drawn in one order, layer by layer", () => {
  const [random, same] = [1, 2].map(() => new NumpyRandomState(42));
  const layers = initialParameters("he-uniform", random);
  for (const [l, inputs] of [300, 200].entries()) {
    const limit = Math.sqrt(3) * Math.sqrt(2 / inputs);
    for (const w of layers[l].weights) {
      assert.equal(w, Math.fround(limit * (2 * same.randomSample() - 1)));
    }
  }
});
