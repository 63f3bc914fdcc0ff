/**
 * Looks at a PNG file before it is decoded: what its header says, and only the chunks that pixels
 * need. So an image too large for memory is refused by its header, and no comment, color profile
 * or thumbnail can spoil a prediction.
 *
 * A PNG file is a signature and chunks: length (4 bytes, big-endian), type (4 letters), data,
 * checksum (4 bytes). See https://www.w3.org/TR/png-3/.
 */

import { sniff } from "../bytes/sniff.ts";
import { WeftError } from "../errors.ts";
import { crc32 } from "./crc32.ts";

/** The largest width and the largest height, in pixels, where there is memory. */
export const MAX_SIDE = 4096;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PIXEL_CHUNKS: readonly string[] = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];

/** Length, type and checksum. */
const CHUNK_FRAME_BYTES = 12;
const HEADER_BYTES = 13;

/** What a pixel is made of, by the header's color type: samples, and the bits each may have. */
const COLOR_TYPES: ReadonlyMap<number, { channels: number; depths: readonly number[] }> = new Map([
  [0, { channels: 1, depths: [1, 2, 4, 8, 16] }], // gray
  [2, { channels: 3, depths: [8, 16] }], // red, green, blue
  [3, { channels: 1, depths: [1, 2, 4, 8] }], // index into a palette
  [4, { channels: 2, depths: [8, 16] }], // gray, alpha
  [6, { channels: 4, depths: [8, 16] }], // red, green, blue, alpha
]);
const PALETTE = 3;

/** What the header says about the pixels. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  /** Samples of a pixel. */
  readonly channels: number;
  /** Whether a sample is the index of a color. */
  readonly usesPalette: boolean;
  /** Whether rows come in seven passes (Adam7). */
  readonly interlaced: boolean;
}

/** A part of a file. */
export interface PngChunk {
  /** Four letters. */
  readonly type: string;
  readonly data: Uint8Array;
}

/**
 * @param bytes The whole file.
 * @param source What to call the file in errors.
 * @param maxSide The largest width and height that is read, in pixels.
 * @returns The header, and the chunks that pixels need, views of `bytes` in their order.
 * @throws {WeftError} If the file is no PNG image, breaks off, or is one that Weft does not read.
 */
export function readPngChunks(
  bytes: Uint8Array,
  source: string,
  maxSide: number,
): { readonly header: PngHeader; readonly chunks: readonly PngChunk[] } {
  const refuse = (reason: string): never => {
    throw new WeftError(`Cannot read ${source} as a PNG image: ${reason}.`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isPng(view)) {
    const kind = sniff(bytes);
    return refuse(
      `it does not begin as a PNG file does${kind ? `, it is ${kind.what}` : ""}; ` +
        (kind?.remedy ?? "save the image as PNG first"),
    );
  }
  const header = readHeader(view, maxSide, refuse);
  const chunks: PngChunk[] = [];
  let compressedBytes = 0;
  let type = "";
  for (let offset = SIGNATURE.length; type !== "IEND";) {
    const length = offset + CHUNK_FRAME_BYTES <= bytes.length ? view.getUint32(offset) : 0;
    const end = offset + CHUNK_FRAME_BYTES + length;
    if (end > bytes.length) refuse("it breaks off, so it is truncated or damaged");
    type = chunkType(view, offset);
    if (type === "IHDR" && offset > SIGNATURE.length) refuse("it has two headers");
    if (type === "IDAT") compressedBytes += length;
    if (PIXEL_CHUNKS.includes(type)) {
      if (crc32(bytes.subarray(offset + 4, end - 4)) !== view.getUint32(end - 4)) {
        refuse(`it is damaged (the checksum of its ${type} is another)`);
      }
      chunks.push({ type, data: bytes.subarray(offset + CHUNK_FRAME_BYTES - 4, end - 4) });
    }
    offset = end;
  }
  if (compressedBytes > mostCompressedBytes(header)) {
    refuse(`its ${compressedBytes} bytes of pixels are more than its size can hold`);
  }
  return { header, chunks };
}

/** Bytes of a row of an image that is not interlaced, the one that names its filter included. */
export function filteredRowBytes({ width, depth, channels }: PngHeader): number {
  return 1 + Math.ceil((width * channels * depth) / 8);
}

function isPng(view: DataView): boolean {
  return view.byteLength >= SIGNATURE.length &&
    SIGNATURE.every((byte, index) => view.getUint8(index) === byte);
}

function readHeader(
  view: DataView,
  maxSide: number,
  refuse: (reason: string) => never,
): PngHeader {
  const start = SIGNATURE.length;
  if (view.byteLength < start + CHUNK_FRAME_BYTES + HEADER_BYTES) {
    return refuse("it breaks off in its header, so it is truncated or damaged");
  }
  if (chunkType(view, start) !== "IHDR" || view.getUint32(start) !== HEADER_BYTES) {
    return refuse("it does not begin with a header, so it is damaged");
  }
  const width = view.getUint32(start + 8);
  const height = view.getUint32(start + 12);
  const depth = view.getUint8(start + 16);
  const colorType = view.getUint8(start + 17);
  const interlace = view.getUint8(start + 20);
  if (width === 0 || height === 0) {
    return refuse(`it is ${height} x ${width} pixels, so it is empty`);
  }
  if (width > maxSide || height > maxSide) {
    return refuse(
      `it is ${height} x ${width} pixels, and at most ${maxSide} x ${maxSide} are read; ` +
        "make it smaller",
    );
  }
  const color = COLOR_TYPES.get(colorType);
  if (color === undefined || !color.depths.includes(depth)) {
    return refuse(`it has ${depth} bits a sample and color type ${colorType}, so it is damaged`);
  }
  if (interlace > 1) return refuse(`it is damaged (Interlace method ${interlace} not supported)`);
  const { channels } = color;
  const interlaced = interlace === 1;
  return { width, height, depth, channels, usesPalette: colorType === PALETTE, interlaced };
}

function chunkType(view: DataView, chunk: number): string {
  return String.fromCharCode(...[4, 5, 6, 7].map((byte) => view.getUint8(chunk + byte)));
}

/**
 * What the pixels can take at most, compressed: nearly twice their own size, from a careless
 * encoder. The bound keeps a small image from unfolding, a thousandfold, into more than memory
 * holds.
 */
function mostCompressedBytes(header: PngHeader): number {
  return 2 * header.height * filteredRowBytes(header) + 4096;
}
