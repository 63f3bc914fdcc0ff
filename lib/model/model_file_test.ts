import assert from "node:assert/strict";
import fc from "fast-check";
import { ACTIVATIONS } from "../nn/activations.ts";
import type { LayerSequence } from "../nn/architecture.ts";
import { mixedModel, modelOf, smallModel } from "../../tests/samples/models.ts";
import { decodeModel, encodeModel } from "./model_file.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

Deno.test("any model comes back from its file bit for bit", () => {
  const size = fc.integer({ min: 1, max: 6 });
  const shape = fc.record({
    height: size,
    width: size,
    hidden: fc.array(size, { maxLength: 3 }),
    outputs: size,
    activation: fc.constantFrom(...ACTIVATIONS),
  });
  fc.assert(fc.property(shape, (shape) => {
    const model = modelOf(shape);
    assert.deepEqual(decodeModel(encodeModel(model), "m"), model);
  }));
});

Deno.test("the same model gives the same bytes", () => {
  assert.deepEqual(encodeModel(smallModel()), encodeModel(smallModel()));
});

Deno.test("tensors are named and shaped as PyTorch's linear layers are: [outputs, inputs]", () => {
  const model = smallModel();
  const { tensors } = decodeSafetensors(encodeModel(model), "m");
  const shapes = [...tensors].map(([name, { shape }]) => [name, shape]);
  assert.deepEqual(shapes, [
    ["layers.0.weight", [4, 6]],
    ["layers.0.bias", [4]],
    ["layers.1.weight", [2, 4]],
    ["layers.1.bias", [2]],
  ]);
  const { weights } = model.parameters[0];
  const weight = tensors.get("layers.0.weight")!.data;
  for (let input = 0; input < 6; input++) {
    for (let output = 0; output < 4; output++) {
      assert.equal(weight[output * 6 + input], weights[input * 4 + output]);
    }
  }
});

Deno.test("the metadata say everything that using the model takes", () => {
  const { metadata } = decodeSafetensors(encodeModel(smallModel()), "m");
  const { sha256, ...rest } = Object.fromEntries(metadata);
  assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(rest, {
    format: "weft-mlp",
    formatVersion: "1",
    inputs: "6",
    hidden: "[4]",
    outputs: "2",
    activation: "tanh",
    height: "2",
    width: "3",
    inputScale: "0.00392156862745098",
    classNames: JSON.stringify(['class "0" 바지', 'class "1" 바지']),
    preset: "p",
  });
});

Deno.test("the digest is that of the bytes after the header; a file without one is read", async () => {
  const bytes = encodeModel(smallModel());
  const { tensors, metadata } = decodeSafetensors(bytes, "model.safetensors");
  const size = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  const digest = await crypto.subtle.digest("SHA-256", bytes.slice(bytes.length - size));
  assert.equal(metadata.get("sha256"), new Uint8Array(digest).toHex());
  const named = [...tensors].map(([name, tensor]) => ({ name, ...tensor }));
  const { sha256: _, ...earlier } = Object.fromEntries(metadata);
  const old = encodeSafetensors(named, earlier);
  assert.deepEqual(decodeModel(old, "model.safetensors"), decodeModel(bytes, "model.safetensors"));
});

Deno.test("a sequence of layers that version 1 cannot say is a file of version 2", () => {
  const model = mixedModel();
  const bytes = encodeModel(model);
  const { metadata, tensors } = decodeSafetensors(bytes, "m");
  assert.equal(metadata.get("format"), "weft");
  assert.equal(metadata.get("formatVersion"), "2");
  assert.equal(metadata.get("task"), "classification");
  assert.deepEqual(
    JSON.parse(metadata.get("layers")!),
    (model.architecture as LayerSequence).layers,
  );
  assert.deepEqual(tensors.get("layers.1.weight")!.shape, [3, 4]);
  assert.deepEqual(decodeModel(bytes, "m"), model);
});
