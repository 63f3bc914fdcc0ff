/** Networks and images for tests of the predictor for the edge. */

import type { PageFiles } from "../../lib/edge/handler.ts";
import { packLayers, predictorFiles } from "../../lib/edge/export/predictor_files.ts";
import { Predictor } from "../../lib/edge/predictor.ts";
import type { Model } from "../../lib/model/model.ts";
import type { Activation } from "../../lib/nn/activations.ts";
import type { Architecture } from "../../lib/nn/architecture.ts";
import { layerShapes } from "../support/networks.ts";

export const PAGE: PageFiles = { html: "<!doctype html>", css: "", js: "" };

/** Numbers from -1 to 1 that follow no simple rule, the same for the same seed. */
function noise(length: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => {
    const value = Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453;
    return 2 * (value - Math.floor(value)) - 1;
  });
}

/** A network with weights that make neither very sure nor very unsure answers. */
export function noisyModel(
  height: number,
  width: number,
  hidden: readonly number[],
  outputs: number,
  activation: Activation = "sigmoid",
): Model {
  const architecture: Architecture = { inputs: height * width, hidden, outputs, activation };
  return {
    architecture,
    parameters: layerShapes(architecture).map(([inputs, outputs], l) => ({
      weights: noise(inputs * outputs, 2 * l).map((value) => 2 * value / Math.sqrt(inputs)),
      bias: noise(outputs, 2 * l + 1),
    })),
    height,
    width,
    inputScale: 1 / 255,
    classNames: Array.from({ length: outputs }, (_, i) => `class ${i}`),
    preset: "baseline",
  };
}

/** Images of which every other pixel or so is black. */
export function noisyPixels(rows: number, inputs: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(noise(rows * inputs, 99), (value) => Math.max(0, Math.floor(256 * value)));
}

/** The predictor of a model, as it comes out of the files of its export. */
export async function predictorOf(
  model: Model,
  weights: "float32" | "int8" = "float32",
): Promise<Predictor> {
  const files = await predictorFiles(model, packLayers(model, weights), "the model");
  const module = (name: "kernels.wasm" | "model.wasm") =>
    new WebAssembly.Module(Uint8Array.from(files.get(name)!));
  return new Predictor(module("kernels.wasm"), module("model.wasm"));
}
