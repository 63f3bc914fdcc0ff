/** Makes what a network expects of any PNG image. */

import { fitToNetwork, groundOf, type NetworkInput } from "./fit_to_network.ts";
import { decodePng } from "./png.ts";

/**
 * Decodes, inverts where asked, and resizes with the proportions kept. Transparent parts and the
 * bars beside an image that is not square are background: 0 in the result, inverted or not.
 *
 * @param bytes A PNG file.
 * @param source What to call the file in errors.
 * @returns `height * width` bytes, row-major: one row of a data set.
 * @throws {WeftError} If the file is no PNG image that can be read.
 */
export function networkInputOfPng(
  bytes: Uint8Array,
  source: string,
  input: NetworkInput,
): Uint8Array<ArrayBuffer> {
  return fitToNetwork(decodePng(bytes, source, groundOf(input)), input);
}
