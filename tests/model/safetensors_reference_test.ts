/**
 * Exported safetensors files, opened with the reference reader: Python's `safetensors`, which is the
 * Rust library that defines the format. Debian 12 has no package of it, so this runs only where
 * somebody has installed it; that the bytes are those of the format is tested everywhere, beside
 * lib/model/safetensors.ts.
 */

import assert from "node:assert/strict";
import { encodeModel, modelMetadata, modelTensors } from "../../lib/model/model_file.ts";
import { testUnless } from "../support/cli.ts";
import { stripedModel } from "../support/striped_images.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

const PYTHON = "python3";

/** Reads the file that its argument names, and prints what it holds as JSON. */
const READ = `
import json, sys
from safetensors import deserialize, safe_open
with open(sys.argv[1], "rb") as file:
    tensors = deserialize(file.read())
with safe_open(sys.argv[1], framework="numpy") as file:
    metadata = file.metadata()
print(json.dumps({
    "metadata": metadata,
    "tensors": {
        name: [tensor["dtype"], list(tensor["shape"]), bytes(tensor["data"]).hex()]
        for name, tensor in tensors
    },
}))
`;

async function python(...args: string[]): Promise<{ success: boolean; text: string }> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(PYTHON, { args }).output();
    return { success, text: new TextDecoder().decode(success ? stdout : stderr) };
  } catch {
    return { success: false, text: "" };
  }
}

const hasReader = (await python("-c", "import safetensors, numpy")).success;

testUnless(
  hasReader ? null : `${PYTHON} has no module safetensors, and Debian 12 no package of it`,
  "the reference reader of safetensors opens a model file, and sees what Weft wrote",
  async () => {
    await using folder = await temporaryFolder();
    const model = stripedModel(["티셔츠/윗도리", 'b"', "c\\"]);
    const path = `${folder.path}/model.safetensors`;
    await Deno.writeFile(path, encodeModel(model));
    const { success, text } = await python("-c", READ, path);
    assert(success, text);
    const tensors = modelTensors(model).map(({ name, shape, data }) => [
      name,
      ["F32", shape, new Uint8Array(Float32Array.from(data).buffer).toHex()],
    ]);
    const found = JSON.parse(text);
    assert.match(found.metadata.sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual(found, {
      metadata: { ...modelMetadata(model), sha256: found.metadata.sha256 },
      tensors: Object.fromEntries(tensors),
    });
  },
);
