/**
 * Images a few at a time. A back end keeps a copy of the training images, and likes their pixels in another order, so
 * where memory is scarce they need not also be in memory as a whole.
 */
import { WeftError } from "../errors.ts";
import type { LabeledImages } from "./dataset.ts";

/**
 * Reads pixels of some rows, one after the other: from a file, for instance. It is asked for all rows in order, and may be
 * asked again. What it returns may be the same memory each time.
 */
export type PixelReader = (firstRow: number, rows: number) => Uint8Array<ArrayBuffer>;

/** Samples whose pixels are read when they are wanted. */
export interface ImageSource extends Omit<LabeledImages, "pixels"> {
  readonly pixels: PixelReader;
}

/** Rows that are read at once. */
const CHUNK_ROWS = 4096;

export interface ImageChunk {
  /** Rows before it, and in it. */
  readonly first: number;
  readonly rows: number;
  /** rows x I bytes. */
  readonly pixels: Uint8Array;
}

/** All images in order. @throws {WeftError} as `rowChunks` */
export function* imageChunks(
  { rows, height, width, pixels }: Pick<ImageSource, "rows" | "height" | "width"> & {
    readonly pixels: Uint8Array | PixelReader;
  },
): Generator<ImageChunk, void, void> {
  for (const { values, ...chunk } of rowChunks(rows, height * width, pixels)) {
    yield { ...chunk, pixels: values as Uint8Array };
  }
}

/**
 * All rows in order, some at a time.
 *
 * @param size of a row
 * @throws {WeftError} where a reader returns more or fewer bytes than it was asked for
 */
export function* rowChunks<V extends Uint8Array | Float32Array>(
  rows: number,
  size: number,
  values: V | ((firstRow: number, rows: number) => Uint8Array | Float32Array),
): Generator<{ readonly first: number; readonly rows: number; readonly values: V }, void, void> {
  for (let first = 0; first < rows; first += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - first);
    const chunk = typeof values === "function"
      ? values(first, count)
      : values.subarray(first * size, (first + count) * size);
    if (!ArrayBuffer.isView(chunk) || chunk.length !== count * size) {
      throw new WeftError(
        `Cannot train on these images: rows ${first} to ${first + count - 1} are ` +
          `${count * size} bytes, but their reader returned ${chunk?.length ?? "none"}`,
      );
    }
    yield { first, rows: count, values: chunk as V };
  }
}
