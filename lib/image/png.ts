/** Decodes a PNG picture of any kind to bytes of grey. */

import { decode, type DecodedPng } from "fast-png";
import { messageOf, WeftError } from "../errors.ts";
import { MAX_SIDE, pixelsOnly, readPngChunks } from "./png_chunks.ts";
import { greyOf, type GreyPicture } from "./png_grey.ts";

/**
 * Decodes a PNG picture: any bit depth, grey, colour or palette, with or without transparency.
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
  const { header, chunks } = readPngChunks(bytes, source, MAX_SIDE);
  let decoded: DecodedPng;
  try {
    decoded = decode(pixelsOnly(chunks), { checkCrc: true });
  } catch (error) {
    const why = reasonOf(error);
    throw new WeftError(`Cannot read ${source} as a PNG picture: it is damaged (${why}).`, {
      cause: error,
    });
  }
  const { data: samples, palette, transparency } = decoded;
  return greyOf({ samples, palette, transparency }, header, background, source);
}

/** The decoder's words, but where they are about its own variables. */
function reasonOf(error: unknown): string {
  const text = messageOf(error).replace(/[.:]$/, "");
  const [, filter] = /^Unsupported filter: (.*)/.exec(text) ?? [];
  if (filter === undefined) return text;
  return filter === "undefined"
    ? "its pixels end before its last row"
    : `a row has the filter ${filter}, and filters are 0 to 4`;
}
