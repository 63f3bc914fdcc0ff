/** Networks with convolutions that PyTorch made and saved, imported: Weft predicts what PyTorch did. */

import assert from "node:assert/strict";
import golden from "../golden/pytorch_convolutions.json" with { type: "json" };
import { createBackend } from "../../lib/backends/mod.ts";
import { importMlp, type ImportSettings } from "../../lib/interchange/import_mlp.ts";
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import { predictProbabilities } from "../../lib/train/inference.ts";

/** Five layers of sums of at most 36 terms below 4, whose errors each layer multiplies by less than 8. */
const TOLERANCE = 5 * (36 + 1) * 2 ** -24 * 8;

const [sequential, attributes, words] = golden.networks;

function imported({ safetensors, options }: typeof sequential, changed: ImportSettings = {}) {
  const settings = { ...options as ImportSettings, ...changed };
  return importMlp(Uint8Array.fromBase64(safetensors), "theirs.safetensors", settings);
}

for (const network of golden.networks) {
  Deno.test(`PyTorch's convolutions are imported and predict the same: ${network.name}`, async () => {
    const { model } = imported(network as typeof sequential);
    const saved = decodeModel(encodeModel(model), "model.safetensors");
    using backend = await createBackend({ backend: "reference" });
    const pixels = Uint8Array.fromBase64(network.pixels);
    const rows = await predictProbabilities(saved, pixels, { backend });
    assert.equal(rows.length, network.probabilities.length);
    rows.forEach((row, r) =>
      row.forEach((probability, o) => {
        const difference = Math.abs(probability - network.probabilities[r][o]);
        assert(difference <= TOLERANCE, `row ${r}, class ${o}: differs by ${difference}`);
      })
    );
  });
}

Deno.test("an imported network says where its layers come from, and what was left out", () => {
  assert.deepEqual(imported(attributes as typeof sequential).layers, [
    "conv1",
    "conv2",
    "fc1",
    "fc2",
  ]);
  const { layers, notes } = imported(words as unknown as typeof sequential);
  assert.deepEqual(layers, ["stem", "body", "head"]);
  assert.deepEqual(notes, ["left out: unused.weight,unused.bias (tensors: 2)"]);
});

Deno.test("layers that are not the file's are refused in a line that names both", () => {
  const { network } = sequential.options;
  const refusals: [ImportSettings, RegExp][] = [
    [
      { network: network.replace("conv 5 3x3", "conv 6 3x3") },
      /^WeftError: Cannot import theirs.safetensors: tensor "4.weight" has the shape \[5, 4, 3, 3\], and "conv 6 3x3" asks for \[6, 4, 3, 3\]; /,
    ],
    [
      { network: network.replace(", dense 6, relu", "") },
      /^WeftError: Cannot import theirs.safetensors: the network has 3 layers with weights \(.*\), and the file 4 \(0,4,8,11\); /,
    ],
    [
      { network: network.replace(" batch-norm,", "") },
      /^WeftError: .* the network has 0 normalizations \(\), and the file 1 \(1\); /,
    ],
    [
      { height: 12 },
      /^WeftError: .* tensor "8.weight" has the shape \[6, 20\], and "dense 6" asks /,
    ],
    [{ height: undefined, width: undefined }, /^UsageError: .* without --height and --width: /],
    [
      { mean: 0.3 },
      /^UsageError: Cannot import with --mean 0.3: the zeros around an image of "conv 4/,
    ],
    [
      { std: 1e-44 },
      /^WeftError: .* layer "0" is beyond float32 with the normalization that is folded into it$/,
    ],
    [{ activation: "relu" }, /^UsageError: Cannot import with --network and --activation relu: /],
    [
      { layers: ["0", "1", "nine"] },
      /^UsageError: .* it has no "nine"; its layers are 0,1,4,8,11$/,
    ],
    [{ layers: ["0", "0"] }, /^UsageError: .* each layer must be named once; /],
    [{ network: "conv 4" }, /^UsageError: Cannot train with the layer "conv 4"/],
  ];
  for (const [changed, message] of refusals) {
    assert.throws(() => imported(sequential, changed), (error) => {
      assert.match(String(error), message);
      return true;
    });
  }
  assert.throws(
    () => imported(words as unknown as typeof sequential, { layers: undefined }),
    /layers "body" and "stem" both are \[1, 1, 3, 2\], and their names do not tell/,
  );
});
