/** Makes what a network expects of any PNG image. */

import { fitImageToNetwork, fitToNetwork, groundOf, type NetworkInput } from "./fit_to_network.ts";
import { decodePng, decodePngImage } from "./png.ts";

/**
 * Decodes, inverts where asked, and resizes with the proportions kept. Transparent parts and the
 * bars beside an image that is not square are background: 0 in the result, inverted or not.
 *
 * @param bytes A PNG file.
 * @param source What to call the file in errors.
 * @param channels 3 where the network takes colors.
 * @returns `height * width * channels` bytes, row-major: one row of a data set.
 * @throws {WeftError} If the file is no PNG image that can be read.
 */
export function networkInputOfPng(
  bytes: Uint8Array,
  source: string,
  input: NetworkInput,
  channels: 1 | 3 = 1,
): Uint8Array<ArrayBuffer> {
  if (channels === 3) {
    const image = decodePngImage(bytes, source, { background: groundOf(input), channels });
    return fitImageToNetwork(image, input);
  }
  return fitToNetwork(decodePng(bytes, source, groundOf(input)), input);
}
