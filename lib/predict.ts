/**
 * Predictions alone: the forward pass with its own small kernels, for pages and services that train nothing.
 *
 * @example
 * ```ts ignore
 * import { createPredictor } from "@weft/weft/predict";
 *
 * const file = await fetch("model.safetensors");
 * const predictor = await createPredictor(new Uint8Array(await file.arrayBuffer()));
 * const [{ predicted, probabilities }] = predictor.predict(new Uint8Array(28 * 28));
 * ```
 *
 * @module
 */
import { packModel } from "./edge/export/pack_model.ts";
import { ModelPredictor } from "./edge/model_predictor.ts";
import { compilePredictorKernels } from "./edge/predictor_module.ts";
import type { Model } from "./model/model.ts";
import { decodeModel } from "./model/model_file.ts";

export type { Answer } from "./edge/answer.ts";
export type { ModelPredictor, PredictorRows } from "./edge/model_predictor.ts";
export type { RawRows } from "./dataset/preprocessing/encode.ts";
export type { EDGE_TASKS, EdgeTask } from "./edge/packed_model.ts";
export type { PredictorInput } from "./edge/predictor.ts";
export { UsageError, WeftError } from "./errors.ts";
export type { Model } from "./model/model.ts";
export { decodeModel } from "./model/model_file.ts";

/** How a predictor is made. */
export interface PredictorOptions {
  /**
   * The build `predictor` or `predictor_strict`, compiled by the host: for those that compile nothing at run time, such as
   * Cloudflare Workers, which import `@weft/weft/kernels/predictor.wasm`.
   */
  readonly kernels?: WebAssembly.Module;
}

/**
 * Makes a model ready to predict.
 *
 * @param model as training gave it, or the bytes of its file (`model.safetensors`, `encodeModel`)
 * @throws {WeftError} where the bytes are no model, it has a layer that the predictor does not compute, or no kernels can be
 * had here
 */
export async function createPredictor(
  model: Model | Uint8Array,
  { kernels }: PredictorOptions = {},
): Promise<ModelPredictor> {
  const decoded = model instanceof Uint8Array ? decodeModel(model, "the model") : model;
  const packed = packModel(decoded);
  return new ModelPredictor(kernels ?? await compilePredictorKernels(), packed);
}
