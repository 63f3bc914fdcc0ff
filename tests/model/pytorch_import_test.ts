/** Networks that PyTorch made and saved, imported: Weft predicts what PyTorch did. */

import assert from "node:assert/strict";
import golden from "../golden/pytorch_mlps.json" with { type: "json" };
import { createBackend } from "../../lib/backends/mod.ts";
import { importMlp, type ImportSettings } from "../../lib/interchange/import_mlp.ts";
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import { predictProbabilities } from "../../lib/train/inference.ts";

/**
 * Sums here have at most 36 terms of magnitude 4 at most (weights divided by a deviation of 0.25),
 * each rounded to float32, as is its weight; a probability moves by a quarter of its logit at most.
 */
const TOLERANCE = (36 + 1) * 2 ** -24 * 4 / 4;

for (const { name, options, safetensors, pixels, probabilities } of golden.networks) {
  Deno.test(`PyTorch's network is imported and predicts the same: ${name}`, async () => {
    const file = Uint8Array.fromBase64(safetensors);
    const { model } = importMlp(file, "theirs.safetensors", options as ImportSettings);
    // As every command will read it.
    const saved = decodeModel(encodeModel(model), "model.safetensors");
    using backend = await createBackend({ backend: "reference" });
    const rows = await predictProbabilities(saved, Uint8Array.fromBase64(pixels), { backend });
    assert.deepEqual(rows.map((row) => row.length), probabilities.map((row) => row.length));
    rows.forEach((row, r) =>
      row.forEach((probability, o) => {
        const difference = Math.abs(probability - probabilities[r][o]);
        assert(difference <= TOLERANCE, `row ${r}, class ${o}: differs by ${difference}`);
      })
    );
  });
}
