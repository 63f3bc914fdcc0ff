/** Decodes a PNG image to bytes of red, green and blue in no more memory than its size says; see png_bounded.ts. */

import type { DecodedImage } from "./decoded_image.ts";
import { type BoundedPngOptions, readBoundedPng } from "./png_bounded.ts";
import { colorOf } from "./png_color.ts";

/** @throws {WeftError} as `decodeBoundedPng` */
export function decodeBoundedColorPng(
  bytes: Uint8Array,
  source: string,
  options: BoundedPngOptions,
): DecodedImage {
  const { header, ...samples } = readBoundedPng(bytes, source, options);
  const { height, width } = header;
  return {
    height,
    width,
    channels: 3,
    pixels: colorOf(samples, header, options.background, source),
  };
}
