/** Decodes a PNG picture of any kind to bytes of grey, where there is memory. */

import { decodeBoundedPng } from "./png_bounded.ts";
import { MAX_SIDE } from "./png_chunks.ts";
import type { GreyPicture } from "./png_grey.ts";
import { deinterlace, filteredBytes } from "./png_interlace.ts";

/**
 * Decodes a PNG picture: any bit depth, grey, colour or palette, with or without transparency, interlaced or not.
 *
 * @param bytes The whole file.
 * @param source What to call the file in errors, such as its path.
 * @param background The grey behind transparent pixels. Black by default, as what surrounds a
 *     Fashion-MNIST garment; for a picture that will be inverted, pass 255, which becomes black
 *     then.
 * @throws {WeftError} If the file is no PNG picture, is damaged, or has more than 4,096 x 4,096
 *     pixels.
 */
export function decodePng(bytes: Uint8Array, source: string, background = 0): GreyPicture {
  const interlacing = { filteredBytes, deinterlace };
  return decodeBoundedPng(bytes, source, { background, maxSide: MAX_SIDE, interlacing });
}
