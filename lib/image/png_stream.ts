/**
 * Decodes a PNG picture with what every runtime on the web has, `DecompressionStream`, and in no more memory than its size
 * says. png.ts does the same with a package, which takes interlaced pictures too, but unfolds whatever comes.
 */

import { WeftError } from "../errors.ts";
import { filteredRowBytes, type PngChunk, type PngHeader, readPngChunks } from "./png_chunks.ts";
import { greyOf, type GreyPicture } from "./png_grey.ts";
import { unfilter } from "./png_filter.ts";

/**
 * Compressed bytes that are unfolded at a time: a runtime may unfold all that it has been given before anybody can stop it,
 * a thousandfold.
 */
const PIECE = 1024;

export interface StreamedPngOptions {
  /** The grey behind transparent pixels; see `decodePng`. */
  readonly background: number;
  /** The largest width and height that is read, in pixels. */
  readonly maxSide: number;
  /** Hears how many bytes are about to be taken, and throws where that is too much. */
  readonly take: (bytes: number) => void;
}

/**
 * Decodes a PNG picture that is not interlaced: any bit depth, grey, colour or palette, with or without transparency.
 *
 * @param bytes The whole file.
 * @param source What to call the file in errors.
 * @throws {WeftError} If the file is no PNG picture, is damaged, too large or interlaced; and what `take` throws.
 */
export async function decodePngStream(
  bytes: Uint8Array,
  source: string,
  { background, maxSide, take }: StreamedPngOptions,
): Promise<GreyPicture> {
  const refuse = (reason: string): never => {
    throw new WeftError(`Cannot read ${source} as a PNG picture: ${reason}.`);
  };
  const damaged = (what: string): never => refuse(`it is damaged (${what})`);
  const { header, chunks } = readPngChunks(bytes, source, maxSide);
  if (header.interlaced) refuse("it is interlaced; save it without interlacing");
  const size = header.height * filteredRowBytes(header);
  take(size + bytesMadeOf(header));
  const dataOf = (type: string) =>
    chunks.filter((chunk) => chunk.type === type).map(({ data }) => data);
  const filtered = await unfold(dataOf("IDAT"), size, damaged);
  const packed = unfilter(filtered, header, damaged);
  const samples = header.depth === 16 ? words(packed) : packed;
  return greyOf(
    { samples, ...colours(chunks, header.channels, damaged) },
    header,
    background,
    source,
  );
}

/** Bytes of what is made of the unfolded rows: samples, where those are not bytes already, and greys. */
function bytesMadeOf({ width, height, depth, channels }: PngHeader): number {
  const pixels = width * height;
  const sampleBytes = depth === 8 ? 0 : depth === 16 ? 2 : 1;
  return pixels * (channels * sampleBytes + 1);
}

/** Inflates zlib data that must give `size` bytes. */
async function unfold(
  pieces: readonly Uint8Array[],
  size: number,
  damaged: (what: string) => never,
): Promise<Uint8Array> {
  const unfolded = new Uint8Array(size);
  let length = 0;
  const stream = inPieces(pieces).pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > size) damaged("it has more pixels than its size says");
      unfolded.set(value, length);
      length += value.length;
    }
  } catch (error) {
    reader.cancel().catch(() => {}); // It may be the one that failed.
    if (error instanceof WeftError) throw error;
    damaged("its pixels cannot be unpacked");
  }
  if (length < size) damaged("it has fewer pixels than its size says");
  return unfolded;
}

function inPieces(whole: readonly Uint8Array[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pieces = function* () {
    for (const bytes of whole) {
      for (let at = 0; at < bytes.length; at += PIECE) yield bytes.slice(at, at + PIECE);
    }
  }();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
}

function colours(
  chunks: readonly PngChunk[],
  channels: number,
  damaged: (what: string) => never,
): { palette?: number[][]; transparency?: Uint16Array } {
  const [plte, trns] = ["PLTE", "tRNS"].map((wanted) =>
    chunks.find(({ type }) => type === wanted)?.data
  );
  const palette = plte && Array.from({ length: plte.length / 3 }, (_, i) => {
    const colour = [...plte.subarray(3 * i, 3 * i + 3)];
    return trns && i < trns.length ? [...colour, trns[i]] : colour;
  });
  const transparency = trns && trns.length === 2 * channels ? words(trns) : undefined;
  if (plte && plte.length % 3 !== 0) damaged("its palette breaks off");
  return { palette, transparency };
}

/** Numbers of 16 bits, the higher byte first. */
function words(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(2 * i));
}
