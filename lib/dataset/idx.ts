/**
 * IDX, the file format of MNIST and its successors: a header of big-endian 32-bit words (a magic
 * number, then one size a dimension), then the values, here bytes. What is returned are views of
 * the file's bytes, not copies.
 */

import { WeftError } from "../errors.ts";
import type { LabelledImages } from "./dataset.ts";

/** The decompressed contents of a file, with the name under which messages speak of it. */
export interface NamedBytes {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Images of equal size whose labels are in another file. */
export type IdxImages = Omit<LabelledImages, "labels">;

/** The bytes 0, 0, the type (8: unsigned byte) and the number of dimensions, read as one word. */
const IMAGES_MAGIC = 0x00000803;
const LABELS_MAGIC = 0x00000801;
const WORD_BYTES = 4;

/**
 * Reads a file of images.
 *
 * @throws {WeftError} one line that names the file, where it is none, is cut short, is too long or
 * holds no pixel
 */
export function parseIdxImages(file: NamedBytes): IdxImages {
  const [rows, height, width] = readSizes(file, "images", IMAGES_MAGIC);
  if (height === 0 || width === 0) {
    throw new WeftError(
      `Cannot use ${file.path}: its header announces images of ${height} x ${width} pixels; ` +
        "give images that have some",
    );
  }
  const pixels = readValues(file, [rows, height, width], `images of ${height} x ${width} pixels`);
  return { rows, height, width, pixels };
}

/**
 * Reads a file of labels.
 *
 * @returns N bytes
 * @throws {WeftError} one line that names the file, where it is none, is cut short or is too long
 */
export function parseIdxLabels(file: NamedBytes): Uint8Array<ArrayBuffer> {
  const sizes = readSizes(file, "labels", LABELS_MAGIC);
  return readValues(file, sizes, "labels");
}

/** The sizes that the header announces, after the checks that the header alone allows. */
function readSizes(
  { path, bytes }: NamedBytes,
  what: "images" | "labels",
  magic: number,
): number[] {
  const dimensions = magic & 0xff;
  const headerBytes = WORD_BYTES * (1 + dimensions);
  const cannot = `Cannot read ${path} as IDX ${what}`;
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = bytes.length < WORD_BYTES ? null : header.getUint32(0);
  if (found !== null && found !== magic) {
    throw new WeftError(
      `${cannot}: its magic number is ${hexWord(found)}${meaningOf(found)}, ` +
        `that of ${what} is ${hexWord(magic)}; give another file`,
    );
  }
  if (bytes.length < headerBytes) {
    throw new WeftError(
      `${cannot}: it has ${bytes.length} bytes, and the header alone takes ${headerBytes}; ` +
        "copy or download it again",
    );
  }
  const sizes = Array.from(
    { length: dimensions },
    (_, i) => header.getUint32(WORD_BYTES * (1 + i)),
  );
  if (sizes[0] === 0) {
    throw new WeftError(
      `Cannot use ${path}: its header announces 0 ${what}; give a file with some`,
    );
  }
  return sizes;
}

/** What follows the header, which must be as long as the sizes say. */
function readValues(
  { path, bytes }: NamedBytes,
  sizes: number[],
  what: string,
): Uint8Array<ArrayBuffer> {
  const headerBytes = WORD_BYTES * (1 + sizes.length);
  const fileBytes = headerBytes + sizes.reduce((product, size) => product * size, 1);
  const missing = fileBytes - bytes.length;
  if (missing !== 0) {
    const defect = missing > 0
      ? `${missing} of its bytes are missing`
      : `${-missing} bytes follow that are not its own`;
    throw new WeftError(
      `Cannot read ${path}: its header announces ${sizes[0]} ${what}, ${fileBytes} bytes in all, ` +
        `but the file has ${bytes.length}: ${defect}; copy or download it again`,
    );
  }
  return bytes.subarray(headerBytes);
}

function hexWord(word: number): string {
  return `0x${word.toString(16).padStart(8, "0")}`;
}

function meaningOf(magic: number): string {
  if (magic === IMAGES_MAGIC) return " (images)";
  if (magic === LABELS_MAGIC) return " (labels)";
  return "";
}
