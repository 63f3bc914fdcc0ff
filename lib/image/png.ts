/** Decodes a PNG image of any kind to bytes of gray, where there is memory. */

import type { DecodedImage } from "./decoded_image.ts";
import { decodeBoundedPng, readBoundedPng } from "./png_bounded.ts";
import { MAX_SIDE } from "./png_chunks.ts";
import { colorOf } from "./png_color.ts";
import { type GrayImage, grayOf } from "./png_gray.ts";
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

/**
 * The same with the channels that are asked for, or that the file has: three if it is of colors, or has a palette.
 *
 * @throws {WeftError} as `decodePng`
 */
export function decodePngImage(
  bytes: Uint8Array,
  source: string,
  { background = 0, channels }: { readonly background?: number; readonly channels?: 1 | 3 } = {},
): DecodedImage {
  const interlacing = { filteredBytes, deinterlace };
  const { header, ...samples } = readBoundedPng(bytes, source, { maxSide: MAX_SIDE, interlacing });
  const { height, width } = header;
  if ((channels ?? (header.channels >= 3 || header.usesPalette ? 3 : 1)) === 3) {
    const pixels = colorOf(samples, header, background, source);
    return { height, width, channels: 3, pixels };
  }
  const { gray: pixels } = grayOf(samples, header, background, source);
  return { height, width, channels: 1, pixels };
}
