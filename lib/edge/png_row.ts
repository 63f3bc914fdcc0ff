/** A PNG as a row of the model. Exported predictors of models that take no images do not carry this module. */
import { fitImageToNetwork, fitToNetwork, groundOf } from "../image/fit_to_network.ts";
import type { Limits } from "./limits.ts";
import type { PredictorInput } from "./predictor.ts";

/**
 * @param invert whether the image is dark on light
 * @returns I bytes
 * @throws {WeftError} where it is no PNG that can be read
 */
export async function rowOfPng(
  { height, width, channels }: PredictorInput,
  body: Uint8Array,
  invert: boolean,
  { pngSide }: Pick<Limits, "pngSide">,
): Promise<Uint8Array> {
  if (channels) {
    const { decodeBoundedColorPng } = await import("../image/png_bounded_color.ts");
    const input = { height, width: width / channels, invert };
    const options = { background: groundOf(input), maxSide: pngSide };
    return fitImageToNetwork(decodeBoundedColorPng(body, "the body", options), input);
  }
  // In the same bundle, but made ready for the first image: its tables take 5 ms, a fifth of a cold start.
  const { decodeBoundedPng } = await import("../image/png_bounded.ts");
  const input = { height, width, invert };
  const options = { background: groundOf(input), maxSide: pngSide };
  return fitToNetwork(decodeBoundedPng(body, "the body", options), input);
}
