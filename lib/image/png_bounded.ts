/**
 * Decodes a PNG image in no more memory than its size says, and is small, for where both matter. What interlaced images take
 * besides is handed over by those who read them (png.ts), so that the predictor does without.
 *
 * Not with `DecompressionStream`, which workerd and Deno have: workerd unfolds a piece after the other before anybody can
 * stop it (a thousand images of 100 KB took 1.7 GB), and many images would be half unfolded at once.
 */

import { Unzlib } from "fflate";
import { WeftError } from "../errors.ts";
import { filteredRowBytes, type PngChunk, type PngHeader, readPngChunks } from "./png_chunks.ts";
import { unfilter } from "./png_filter.ts";
import { type GrayImage, grayOf, type PngSamples } from "./png_gray.ts";

/** Compressed bytes that are unfolded at a time, a thousandfold at most. */
const PIECE = 1024;

export interface BoundedPngOptions {
  /** The gray behind transparent pixels; see `decodePng`. */
  readonly background: number;
  /** The largest width and height that is read, in pixels. */
  readonly maxSide: number;
  /** Reads interlaced images, which are refused without it; see png_interlace.ts. */
  readonly interlacing?: {
    readonly filteredBytes: (header: PngHeader) => number;
    readonly deinterlace: typeof unfilter;
  };
}

/**
 * Decodes a PNG image: any bit depth, gray, color or palette, with or without transparency.
 *
 * @param bytes The whole file.
 * @param source What to call the file in errors.
 * @throws {WeftError} If the file is no PNG image, is damaged, too large, or interlaced and not to be.
 */
export function decodeBoundedPng(
  bytes: Uint8Array,
  source: string,
  options: BoundedPngOptions,
): GrayImage {
  const { header, ...samples } = readBoundedPng(bytes, source, options);
  return grayOf(samples, header, options.background, source);
}

/** The samples of a PNG image, whose pixels are not made into anything yet. @throws as `decodeBoundedPng` */
export function readBoundedPng(
  bytes: Uint8Array,
  source: string,
  { maxSide, interlacing }: Omit<BoundedPngOptions, "background">,
): PngSamples & { readonly header: PngHeader } {
  const refuse = (reason: string): never => {
    throw new WeftError(`Cannot read ${source} as a PNG image: ${reason}.`);
  };
  const damaged = (what: string): never => refuse(`it is damaged (${what})`);
  const { header, chunks } = readPngChunks(bytes, source, maxSide);
  if (header.interlaced && !interlacing) refuse("it is interlaced; save it without interlacing");
  const pixels = chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data);
  const size = interlacing?.filteredBytes(header) ?? header.height * filteredRowBytes(header);
  const filtered = unfold(pixels, size, damaged);
  const packed = header.interlaced
    ? interlacing!.deinterlace(filtered, header, damaged)
    : unfilter(filtered, header, damaged);
  const samples = header.depth === 16 ? words(packed) : packed;
  return { header, samples, ...colors(chunks, header.channels, damaged) };
}

/** Inflates zlib data that must give `size` bytes, and stops where it gives more. */
function unfold(
  compressed: readonly Uint8Array[],
  size: number,
  damaged: (what: string) => never,
): Uint8Array {
  const unfolded = new Uint8Array(size);
  let length = 0;
  const inflator = new Unzlib((piece) => {
    if (length + piece.length > size) damaged("it has more pixels than its size says");
    unfolded.set(piece, length);
    length += piece.length;
  });
  try {
    for (const bytes of compressed) {
      for (let at = 0; at < bytes.length; at += PIECE) {
        inflator.push(bytes.subarray(at, at + PIECE));
      }
    }
  } catch (error) {
    if (error instanceof WeftError) throw error;
    damaged("its pixels cannot be unpacked");
  }
  if (length < size) damaged("it has fewer pixels than its size says");
  return unfolded;
}

function colors(
  chunks: readonly PngChunk[],
  channels: number,
  damaged: (what: string) => never,
): { palette?: number[][]; transparency?: Uint16Array } {
  const [plte, trns] = ["PLTE", "tRNS"].map((wanted) =>
    chunks.find(({ type }) => type === wanted)?.data
  );
  const palette = plte && Array.from({ length: plte.length / 3 }, (_, i) => {
    const color = [...plte.subarray(3 * i, 3 * i + 3)];
    return trns && i < trns.length ? [...color, trns[i]] : color;
  });
  const transparency = trns && trns.length === 2 * channels ? words(trns) : undefined;
  if (plte && plte.length % 3 !== 0) damaged("its palette breaks off");
  return { palette, transparency };
}

/** Numbers of 16 bits, the higher byte first. */
function words(bytes: Uint8Array): Uint16Array {
  const numbers = new Uint16Array(bytes.length >> 1);
  for (let i = 0; i < numbers.length; i++) numbers[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
  return numbers;
}
