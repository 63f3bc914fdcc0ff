/**
 * Undoes the filters of a PNG image: every row begins with a byte that says what was subtracted from its bytes, to make
 * them small. See https://www.w3.org/TR/png-3/#9Filters.
 */

import { filteredRowBytes, type PngHeader } from "./png_chunks.ts";

/**
 * @param bytes `height` rows as they were filtered; overwritten
 * @param damaged throws; called where a row has a filter that there is not
 * @returns the rows without their filters, in the same memory
 */
export function unfilter(
  bytes: Uint8Array,
  header: PngHeader,
  damaged: (what: string) => never,
): Uint8Array {
  const rowBytes = filteredRowBytes(header) - 1;
  // What "the pixel to the left" is where pixels share a byte.
  const step = Math.max(1, (header.channels * header.depth) >> 3);
  for (let y = 0; y < header.height; y++) {
    const from = y * (rowBytes + 1);
    const filter = bytes[from];
    const row = bytes.copyWithin(y * rowBytes, from + 1, from + 1 + rowBytes)
      .subarray(y * rowBytes, (y + 1) * rowBytes);
    const above = y === 0 ? null : bytes.subarray((y - 1) * rowBytes, y * rowBytes);
    if (filter > 4) damaged(`row ${y} has filter ${filter}`);
    if (filter > 0) addPredicted(row, above, step, filter);
  }
  return bytes.subarray(0, header.height * rowBytes);
}

/** Adds to each byte of a row what it was predicted to be, of the bytes to the left and above. */
function addPredicted(
  row: Uint8Array,
  above: Uint8Array | null,
  step: number,
  filter: number,
): void {
  for (let x = 0; x < row.length; x++) {
    const left = x < step ? 0 : row[x - step];
    const up = above ? above[x] : 0;
    if (filter === 1) row[x] += left;
    else if (filter === 2) row[x] += up;
    else if (filter === 3) row[x] += (left + up) >> 1;
    else row[x] += paeth(left, up, above && x >= step ? above[x - step] : 0);
  }
}

/** The neighbor that is nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
