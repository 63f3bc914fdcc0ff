/** Decodes a PNG image of any kind to bytes of gray, where there is memory. */

import { decodeBoundedPng } from "./png_bounded.ts";
import { MAX_SIDE } from "./png_chunks.ts";
import type { GrayImage } from "./png_gray.ts";
import { deinterlace, filteredBytes } from "./png_interlace.ts";

/**
 * Decodes a PNG image: any bit depth, gray, color or palette, with or without transparency, interlaced or not.
 *
 * @param bytes The whole file.
 * @param source What to call the file in errors, such as its path.
 * @param background The gray behind transparent pixels. Black by default, as what surrounds a
 *     Fashion-MNIST garment; for an image that will be inverted, pass 255, which becomes black
 *     then.
 * @throws {WeftError} If the file is no PNG image, is damaged, or has more than 4,096 x 4,096
 *     pixels.
 */
export function decodePng(bytes: Uint8Array, source: string, background = 0): GrayImage {
  const interlacing = { filteredBytes, deinterlace };
  return decodeBoundedPng(bytes, source, { background, maxSide: MAX_SIDE, interlacing });
}
