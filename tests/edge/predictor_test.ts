/** The forward pass of the predictor for the edge: the library's own bits. */

import assert from "node:assert/strict";
import { packLayers } from "../../lib/edge/export/predictor_files.ts";
import { withPackedWeights } from "../../lib/edge/export/quantize.ts";
import { createBackend } from "../../lib/backends/mod.ts";
import type { Model } from "../../lib/model/model.ts";
import { predictProbabilities } from "../../lib/train/inference.ts";
import { noisyModel, noisyPixels, predictorOf } from "./models.ts";

/** Networks whose products need one block and several, and whose edges do and do not fill tiles. */
const MODELS: readonly (readonly [name: string, model: Model])[] = [
  ["no hidden layer", noisyModel(7, 5, [], 3)],
  ["the exercise's size", noisyModel(28, 28, [100], 10)],
  ["hidden layers of odd widths", noisyModel(9, 11, [17, 1, 33], 5, "relu")],
  ["more steps than a block has", noisyModel(40, 30, [8], 4, "tanh")],
  ["gelu", noisyModel(5, 5, [13], 3, "gelu")],
  ["leaky relu", noisyModel(5, 5, [13], 3, "leaky-relu")],
  ["more columns than a block has", noisyModel(4, 4, [1100, 530], 2)],
];

async function expected(model: Model, pixels: Uint8Array): Promise<number[]> {
  using backend = await createBackend({ backend: "wasm", simd: "relaxed", threads: 1 });
  const rows = await predictProbabilities(model, pixels, { backend });
  return rows.flatMap((row) => [...row]);
}

for (const [name, model] of MODELS) {
  Deno.test(`a predictor has the bits of the library: ${name}`, async () => {
    const predictor = await predictorOf(model);
    assert.deepEqual(predictor.input, {
      height: model.height,
      width: model.width,
      inputs: model.architecture.inputs,
    });
    // One, a tile's edge, and more than are computed at once; then one again, over what those left.
    for (const rows of [1, 2, 7, 150, 1]) {
      const pixels = noisyPixels(rows, model.architecture.inputs);
      assert.deepEqual([...predictor.predict(pixels)], await expected(model, pixels), `${rows}`);
    }
  });
}

Deno.test("a quantized predictor has the bits of the library with the quantized weights", async () => {
  const model = noisyModel(28, 28, [100], 10);
  const predictor = await predictorOf(model, "int8");
  const pixels = noisyPixels(5, 784);
  const quantized = withPackedWeights(model, packLayers(model, "int8"));
  assert.deepEqual([...predictor.predict(pixels)], await expected(quantized, pixels));
});

Deno.test("a model that is too large for an edge runtime is refused", async () => {
  const model = noisyModel(64, 64, [1100], 2);
  await assert.rejects(
    predictorOf(model),
    /^WeftError: Cannot export the model: its weights take 180\d{5} bytes, and at most 16777216 fit /,
  );
  await predictorOf(model, "int8");
});
