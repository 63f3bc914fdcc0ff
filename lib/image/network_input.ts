/** Makes what a network expects of any PNG picture. */

import { decodePng } from "./png.ts";
import { invertGrey, resizeGrey } from "./resize.ts";

/** The size that a network was trained on, and what to do to get there. */
export interface NetworkInput {
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  /** For a picture that is dark on a light ground; networks see light on dark. */
  readonly invert: boolean;
}

/**
 * Decodes, inverts where asked, and resizes with the proportions kept. Transparent parts and the
 * bars beside a picture that is not square are background: 0 in the result, inverted or not.
 *
 * @param bytes A PNG file.
 * @param source What to call the file in errors.
 * @returns `height * width` bytes, row-major: one row of a data set.
 * @throws {WeftError} If the file is no PNG picture that can be read.
 */
export function networkInputOfPng(
  bytes: Uint8Array,
  source: string,
  { height, width, invert }: NetworkInput,
): Uint8Array<ArrayBuffer> {
  const picture = decodePng(bytes, source, invert ? 255 : 0);
  return resizeGrey(invert ? invertGrey(picture) : picture, height, width).grey;
}
