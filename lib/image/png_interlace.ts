/**
 * The seven passes of an interlaced PNG image (Adam7): each is an image of its own, of every so many pixels, and has its own
 * rows and filters. See https://www.w3.org/TR/png-3/#8Interlace.
 */

import { filteredRowBytes, type PngHeader } from "./png_chunks.ts";
import { unfilter } from "./png_filter.ts";

/** Where each pass begins, and how far its pixels are apart. */
const PASSES = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
] as const;

interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  /** The pass as an image. */
  readonly header: PngHeader;
}

/** Passes that have pixels: of a small image some have none, and no bytes either. */
function passesOf(header: PngHeader): Pass[] {
  return PASSES.map(({ x, y, dx, dy }) => ({
    x,
    y,
    dx,
    dy,
    header: {
      ...header,
      width: Math.ceil((header.width - x) / dx),
      height: Math.ceil((header.height - y) / dy),
      interlaced: false,
    },
  })).filter(({ header: { width, height } }) => width > 0 && height > 0);
}

/** Bytes of all pixels of an image as they were filtered, interlaced or not. */
export function filteredBytes(header: PngHeader): number {
  const passes = header.interlaced ? passesOf(header).map(({ header }) => header) : [header];
  return passes.reduce((sum, pass) => sum + pass.height * filteredRowBytes(pass), 0);
}

/**
 * @param bytes all passes as they were filtered, one after the other; overwritten
 * @param damaged throws; called where a row has a filter that there is not
 * @returns rows without their filters, as those of an image that is not interlaced
 */
export function deinterlace(
  bytes: Uint8Array,
  header: PngHeader,
  damaged: (what: string) => never,
): Uint8Array {
  const bits = header.channels * header.depth;
  const rowBytes = filteredRowBytes(header) - 1;
  const whole = new Uint8Array(header.height * rowBytes);
  let offset = 0;
  for (const { x, y, dx, dy, header: pass } of passesOf(header)) {
    const passRowBytes = filteredRowBytes(pass) - 1;
    const end = offset + pass.height * filteredRowBytes(pass);
    const rows = unfilter(bytes.subarray(offset, end), pass, damaged);
    offset = end;
    for (let row = 0; row < pass.height; row++) {
      const from = row * passRowBytes;
      const to = (y + row * dy) * rowBytes;
      for (let column = 0; column < pass.width; column++) {
        const toX = x + column * dx;
        if (bits < 8) {
          const bit = column * bits;
          const value = (rows[from + (bit >> 3)] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
          const toBit = toX * bits;
          whole[to + (toBit >> 3)] |= value << (8 - bits - (toBit & 7));
        } else {
          for (let byte = 0; byte < bits >> 3; byte++) {
            whole[to + toX * (bits >> 3) + byte] = rows[from + column * (bits >> 3) + byte];
          }
        }
      }
    }
  }
  return whole;
}
