/** Training that begins with a model: its weights by name and shape, and its preprocessing. */
import type { TrainConfig } from "../config/options.ts";
import type { Model } from "../model/model.ts";

/** The options that make the network of a model: what training from it has where nobody says otherwise. */
export function networkOptionsOf(
  _model: Model,
): Partial<Pick<TrainConfig, "hidden" | "activation" | "layers">> {
  throw new Error("not yet");
}
