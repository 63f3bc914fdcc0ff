/** Another decoder of PNG, to compare Weft's own with. */

import { decode } from "fast-png";
import { MAX_SIDE, readPngChunks } from "../../lib/image/png_chunks.ts";
import { type GrayImage, grayOf } from "../../lib/image/png_gray.ts";

/** As `decodePng`; of interlaced images only those of 8 and 16 bits. */
export function decodeWithFastPng(bytes: Uint8Array, background = 0): GrayImage {
  const { header } = readPngChunks(bytes, "p.png", MAX_SIDE);
  const { data: samples, palette, transparency } = decode(bytes, { checkCrc: true });
  return grayOf({ samples, palette, transparency }, header, background, "p.png");
}
