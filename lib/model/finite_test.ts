import assert from "node:assert/strict";
import { requireFiniteOutputs } from "./finite.ts";
import type { Model } from "./model.ts";

/** One pixel through layers of one unit, whose weights are given. */
function chain(layers: readonly string[], weights: readonly number[]): Model {
  return {
    architecture: { inputs: 1, shape: [1, 1, 1], layers, outputs: 1 },
    parameters: weights.map((weight) => ({
      weights: Float32Array.of(weight),
      bias: new Float32Array(1),
    })),
    height: 1,
    width: 1,
    inputScale: 1,
    classNames: ["only"],
    preset: "p",
  };
}

Deno.test("sums are followed through any sequence of layers, each with its own activation", () => {
  const layers = ["dense 1", "relu", "dense 1"];
  // 255 x 1e18 x 1e18 fits into float32, and 1e18 times that does not.
  requireFiniteOutputs(chain(layers.slice(0, 2), [1e18, 1e18]), "Cannot");
  requireFiniteOutputs(chain([...layers, "sigmoid"], [1e18, 1e18, 1e18]), "Cannot");
  for (const after of [[], ["gelu"], ["relu", "leaky-relu"]]) {
    assert.throws(
      () => requireFiniteOutputs(chain([...layers, ...after], [1e18, 1e18, 1e18]), "Cannot"),
      /^WeftError: Cannot: its layer 2 has sums beyond float32 on a white image, /,
    );
  }
  // What an activation takes away before.
  requireFiniteOutputs(chain([...layers, "tanh", "relu"], [1e18, 1e18, 1e18]), "Cannot");
  requireFiniteOutputs(chain(["dense 1", "relu", "dense 1"], [-1e18, 1e18, 1e38]), "Cannot");
});
