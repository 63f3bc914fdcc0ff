import assert from "node:assert/strict";
import type { Model } from "../../model/model.ts";
import { readInspection } from "../../run_log/inspection/inspection.ts";
import { inspect } from "./inspect.ts";

/** Images of 4 x 5 pixels, of two classes. */
function modelOf(layers: readonly string[], sizes: readonly (readonly [number, number])[]): Model {
  return {
    architecture: { inputs: 20, shape: [4, 5, 1], layers, outputs: 2 },
    parameters: sizes.map(([rows, outputs]) => ({
      weights: Float32Array.from({ length: rows * outputs }, (_, i) => i - rows),
      bias: new Float32Array(outputs),
    })),
    height: 4,
    width: 5,
    inputScale: 1 / 255,
    classNames: ["a", "b"],
    preset: "imported",
  };
}

Deno.test("the first layer of a convolution is shown as its windows, and that of pixels as images", async () => {
  const filters = await inspect(
    modelOf(["conv 3 2x3", "relu", "pool 2"], [[6, 3], [12, 2]]),
    null,
  );
  assert.equal(filters?.unitCount, 3);
  assert.deepEqual([filters.unitHeight, filters.unitWidth], [2, 3]);
  // Of output 1 the weights -5, -2, 1, 4, 7 and 10, which stand in a column.
  assert.equal(filters.units[1].scale, 10);
  const [bytes] = [Uint8Array.fromBase64(filters.units[1].weights)];
  assert.deepEqual([...bytes], [65, 103, 141, 179, 217, 255]);

  const pixels = await inspect(modelOf(["dense 3", "relu"], [[20, 3], [3, 2]]), null);
  assert.deepEqual([pixels?.unitCount, pixels?.unitHeight], [3, undefined]);
  for (const found of [filters, pixels]) {
    assert.deepEqual(readInspection(JSON.stringify(found)), { inspection: found, problem: null });
  }
  const wrong = JSON.stringify({ ...filters, unitWidth: 4 });
  assert.equal(readInspection(wrong).problem, "units[0].weights must be 8 bytes in base64");
});
