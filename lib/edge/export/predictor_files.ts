/** The files of a predictor, from a model. */

import { decodeBase64 } from "../../bytes/base64.ts";
import { WeftError } from "../../errors.ts";
import type { Model } from "../../model/model.ts";
import {
  encodePackedModel,
  MODEL_SECTION,
  type PackedLayer,
  type PackedShape,
} from "../packed_model.ts";
import { bytesOfRow, MOST_ROW_BYTES } from "../row_buffers.ts";
import { bundlePredictor } from "./bundle.ts";
import { kernelText } from "./kernel_text.ts";
import { packModel } from "./pack_model.ts";
import { quantize } from "./quantize.ts";
import { wasmWithSection } from "./wasm_section.ts";

/** Their names, in the order in which they are written: the module first, which says whose the folder is. */
export const FILE_NAMES = ["predictor.js", "kernels.wasm", "model.wasm", "workerd.capnp"] as const;
export type FileName = typeof FILE_NAMES[number];

/**
 * Bytes of `model.wasm` at most. A runtime keeps the module, a copy of its section while that is packed, and the packed
 * weights, and Cloudflare gives a Worker 128 MB.
 */
export const MOST_MODEL_BYTES = 16 * 2 ** 20;

/** How workerd is to run the files that lie beside this one. */
const WORKERD_CONFIG = `# npx -y workerd@1.20261117.1 serve workerd.capnp
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "predictor", worker = .predictor)],
  sockets = [(name = "http", address = "127.0.0.1:8422", http = (), service = "predictor")],
);

const predictor :Workerd.Worker = (
  modules = [
    (name = "predictor.js", esModule = embed "predictor.js"),
    (name = "kernels.wasm", wasm = embed "kernels.wasm"),
    (name = "model.wasm", wasm = embed "model.wasm"),
  ],
  compatibilityDate = "2025-09-01",
);
`;

/** The layers as the predictor will compute with them; see quantize.ts. */
export function packLayers(model: Model, weights: "float32" | "int8"): readonly PackedLayer[] {
  return model.parameters.map((layer) =>
    weights === "int8" ? quantize(layer) : { ...layer, scales: null }
  );
}

/**
 * @param layers what `packLayers` made of the model
 * @param source what to call the model in errors, such as its path
 * @param allowOrigins of other sites whose pages may ask, or `*`
 * @throws {WeftError} where the model is too large, or the kernels cannot be loaded
 */
export async function predictorFiles(
  model: Model,
  layers: readonly PackedLayer[],
  source: string,
  allowOrigins: readonly string[] = [],
): Promise<ReadonlyMap<FileName, Uint8Array>> {
  const { preprocessing } = model;
  const packed = packedModule(model, layers, source);
  return new Map<FileName, Uint8Array>([
    ["predictor.js", await bundlePredictor(allowOrigins, preprocessing ? "table" : "image")],
    ["kernels.wasm", await kernelBytes()],
    ["model.wasm", packed],
    ["workerd.capnp", new TextEncoder().encode(WORKERD_CONFIG)],
  ]);
}

/** `model.wasm`. @throws {WeftError} where it is too large */
function packedModule(
  model: Model,
  layers: readonly PackedLayer[],
  source: string,
): Uint8Array<ArrayBuffer> {
  const whole = packModel(model, layers, source);
  requireSmallRows(whole.header.shapes, source);
  const packed = wasmWithSection(MODEL_SECTION, encodePackedModel(whole));
  if (packed.length <= MOST_MODEL_BYTES) return packed;
  throw new WeftError(
    `Cannot export ${source}: its weights take ${packed.length} bytes, and at most ` +
      `${MOST_MODEL_BYTES} fit into the memory of an edge runtime; ` +
      "train a smaller network, or use --quantize",
  );
}

/** @throws {WeftError} where what one row becomes takes too much memory */
function requireSmallRows(shapes: readonly PackedShape[], source: string): void {
  const bytes = bytesOfRow(shapes);
  if (bytes <= MOST_ROW_BYTES) return;
  throw new WeftError(
    `Cannot export ${source}: one image takes ${bytes} bytes between its layers, and at most ${MOST_ROW_BYTES} fit into the ` +
      "memory of an edge runtime; train on smaller images, or with fewer outputs of a layer",
  );
}

/** @throws as `kernelText` */
export async function kernelBytes(): Promise<Uint8Array<ArrayBuffer>> {
  return decodeBase64(await kernelText("relaxed"));
}
