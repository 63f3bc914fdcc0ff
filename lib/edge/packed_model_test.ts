import assert from "node:assert/strict";
import {
  decodePackedModel,
  encodePackedModel,
  MODEL_SECTION,
  type PackedModel,
} from "./packed_model.ts";
import { wasmWithSection } from "./export/wasm_section.ts";

/** 3-2-1 with weights whose bytes do not end at a word. */
function model(weights: "float32" | "int8"): PackedModel {
  const layer = (inputs: number, outputs: number) => {
    const values = Array.from({ length: inputs * outputs }, (_, i) => i - 3);
    return weights === "int8"
      ? {
        weights: Int8Array.from(values),
        scales: Float32Array.from({ length: outputs }, (_, j) => j + 0.5),
        bias: new Float32Array(outputs).fill(7),
      }
      : {
        weights: Float32Array.from(values),
        scales: null,
        bias: new Float32Array(outputs).fill(7),
      };
  };
  return {
    header: {
      shapes: [
        { inputs: 3, outputs: 2, activations: ["tanh"] },
        { inputs: 2, outputs: 1, activations: [] },
      ],
      height: 1,
      width: 3,
      inputScale: 1 / 255,
      classNames: ["바지"],
      weights,
    },
    layers: [layer(3, 2), layer(2, 1)],
  };
}

for (const weights of ["float32", "int8"] as const) {
  Deno.test(`a packed model of ${weights} comes out as it went in, through a module's section`, () => {
    const bytes = encodePackedModel(model(weights));
    const module = new WebAssembly.Module(wasmWithSection(MODEL_SECTION, bytes));
    const [section] = WebAssembly.Module.customSections(module, MODEL_SECTION);
    assert.deepEqual(decodePackedModel(section), model(weights));
  });
}

Deno.test("a section may have any length", () => {
  for (const length of [0, 1, 127, 128, 16_384, 300_000]) {
    const module = new WebAssembly.Module(wasmWithSection("x", new Uint8Array(length).fill(5)));
    const [section] = WebAssembly.Module.customSections(module, "x");
    assert.deepEqual(new Uint8Array(section), new Uint8Array(length).fill(5));
  }
});
