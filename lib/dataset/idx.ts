/**
 * IDX, the file format of MNIST and its successors: a header of big-endian 32-bit words (a magic
 * number, then one size a dimension), then the values. What is returned are views of the file's
 * bytes, not copies, where its values are bytes; other whole numbers are made bytes.
 *
 * The magic number is the bytes 0, 0, the type of the values and the number of dimensions.
 */

import { sniffed } from "../bytes/sniff.ts";
import { WeftError } from "../errors.ts";
import type { LabeledImages } from "./dataset.ts";
import { type DType, ELEMENT_TYPES } from "./formats/element_types.ts";

/** The decompressed contents of a file, with the name under which messages speak of it. */
export interface NamedBytes {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Images of equal size whose labels are in another file. */
export type IdxImages = Omit<LabeledImages, "labels">;

/** Images [N, height, width] and labels [N], both of bytes. */
const IMAGES_MAGIC = 0x00000803;
const LABELS_MAGIC = 0x00000801;
const WORD_BYTES = 4;
const MOST_DIMENSIONS = 8;

/** No header is longer. */
export const MOST_HEADER_BYTES = WORD_BYTES * (1 + MOST_DIMENSIONS);

/** Types of values by their code. */
const TYPES: ReadonlyMap<number, DType> = new Map<number, DType>([
  [0x08, "uint8"],
  [0x09, "int8"],
  [0x0b, "int16"],
  [0x0c, "int32"],
  [0x0d, "float32"],
  [0x0e, "float64"],
]);

/** What the beginning of a file says of it. */
export interface IdxHeader {
  readonly type: DType;
  readonly sizes: readonly number[];
  /** Of the header and of the whole file. */
  readonly headerBytes: number;
  readonly fileBytes: number;
}

/**
 * Reads a file of images: [N, height, width], or with a fourth dimension of 1.
 *
 * @throws {WeftError} one line that names the file, where it is none, is cut short, is too long,
 * holds no pixel, or a value that is no byte
 */
export function parseIdxImages(file: NamedBytes): IdxImages {
  const header = readHeader(file, "images");
  const sizes = sizesOfImages(header.sizes);
  if (!sizes) return refuseShape(file, "images", header);
  const [rows, height, width] = sizes;
  requireRows(file, "images", rows);
  if (height === 0 || width === 0) {
    throw new WeftError(
      `Cannot use ${file.path}: its header announces images of ${height} x ${width} pixels; ` +
        "give images that have some",
    );
  }
  const what = `images of ${height} x ${width} pixels`;
  return { rows, height, width, pixels: readValues(file, header, "images", what) };
}

/**
 * Reads a file of labels: [N], [N, 1], or QMNIST's [N, 8], of which the first column is the class.
 *
 * @returns N bytes
 * @throws {WeftError} one line that names the file, where it is none, is cut short, is too long or
 * holds a label that is no byte
 */
export function parseIdxLabels(file: NamedBytes): Uint8Array<ArrayBuffer> {
  const header = readHeader(file, "labels");
  const { sizes: [rows, columns = 1, ...others], type } = header;
  const isQmnist = columns === 8 && type === "int32";
  if (others.length > 0 || (columns !== 1 && !isQmnist)) {
    return refuseShape(file, "labels", header);
  }
  requireRows(file, "labels", rows);
  return readValues(file, header, "labels", "labels", columns);
}

/**
 * How many bytes a file has that begins with these.
 *
 * @returns null where they are no whole header of IDX
 */
export function idxFileBytes(beginning: Uint8Array): number | null {
  return idxHeader(beginning)?.fileBytes ?? null;
}

/** @returns null where the bytes begin with no whole header */
export function idxHeader(bytes: Uint8Array): IdxHeader | null {
  const type = TYPES.get(bytes[2]);
  const dimensions = bytes[3];
  const headerBytes = WORD_BYTES * (1 + dimensions);
  if (bytes[0] !== 0 || bytes[1] !== 0 || !type) return null;
  if (!(dimensions >= 1 && dimensions <= MOST_DIMENSIONS) || bytes.length < headerBytes) {
    return null;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const sizes = Array.from(
    { length: dimensions },
    (_, i) => view.getUint32(WORD_BYTES * (1 + i)),
  );
  const fileBytes = headerBytes +
    sizes.reduce((product, size) => product * size, ELEMENT_TYPES[type].bytes);
  return { type, sizes, headerBytes, fileBytes };
}

/** What the header announces, after the checks that the header alone allows. */
function readHeader({ path, bytes }: NamedBytes, what: "images" | "labels"): IdxHeader {
  const header = idxHeader(bytes);
  if (header && !header.type.startsWith("float")) return header;
  const cannot = `Cannot read ${path} as IDX ${what}`;
  if (header) {
    throw new WeftError(
      `${cannot}: its values are ${header.type}, and those of ${what} are whole numbers from ` +
        "0 to 255; convert them",
    );
  }
  const magic = what === "images" ? IMAGES_MAGIC : LABELS_MAGIC;
  const found = bytes.length < WORD_BYTES
    ? null
    : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const isCut = found === null || (found >>> 16 === 0 && TYPES.has(found >> 8) &&
    (found & 0xff) >= 1 && (found & 0xff) <= MOST_DIMENSIONS);
  const other = sniffed(bytes, "IDX", "give another file");
  if (!isCut || (found === null && other)) {
    throw new WeftError(
      `${cannot}: ` + (found === null ? "" : `its magic number is ${hexWord(found)}, `) +
        `that of ${what} is ${hexWord(magic)}` + (other ? `: ${other}` : "; give another file"),
    );
  }
  if (found !== null && isKnown(found) && found !== magic) refuseMagic(cannot, what, found, magic);
  const dimensions = (found ?? magic) & 0xff;
  throw new WeftError(
    `${cannot}: it has ${bytes.length} bytes, and the header alone takes ` +
      `${WORD_BYTES * (1 + dimensions)}; copy or download it again`,
  );
}

/** Height and width of images whose fourth dimension is 1: channels come last, or before the height. */
function sizesOfImages(sizes: readonly number[]): readonly number[] | null {
  if (sizes.length === 3) return sizes;
  if (sizes.length !== 4) return null;
  const single = [3, 1, 2].find((dimension) => sizes[dimension] === 1);
  return single === undefined ? null : sizes.toSpliced(single, 1);
}

function refuseShape(
  { path, bytes }: NamedBytes,
  what: "images" | "labels",
  { type, sizes }: IdxHeader,
): never {
  const cannot = `Cannot read ${path} as IDX ${what}`;
  const magic = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const wanted = what === "images" ? IMAGES_MAGIC : LABELS_MAGIC;
  if (isKnown(magic)) refuseMagic(cannot, what, magic, wanted);
  const dimensions = sizes.length === 1 ? "1 dimension" : `${sizes.length} dimensions`;
  throw new WeftError(
    `${cannot}: it holds ${type} values in ${dimensions} (${sizes.join(" x ")}), and ` +
      (what === "images" ? "images have 3: rows x height x width" : "labels have 1: rows") +
      "; give another file, or save it in that shape",
  );
}

function refuseMagic(cannot: string, what: string, found: number, wanted: number): never {
  throw new WeftError(
    `${cannot}: its magic number is ${hexWord(found)} (${
      found === IMAGES_MAGIC ? "images" : "labels"
    }), that of ${what} is ${hexWord(wanted)}; give another file`,
  );
}

function requireRows({ path }: NamedBytes, what: string, rows: number): void {
  if (rows > 0) return;
  throw new WeftError(`Cannot use ${path}: its header announces 0 ${what}; give a file with some`);
}

/**
 * What follows the header, which must be as long as the sizes say.
 *
 * @param what as messages name all of them
 * @param columns of which the first alone is taken
 */
function readValues(
  { path, bytes }: NamedBytes,
  { type, sizes, headerBytes, fileBytes }: IdxHeader,
  kind: "images" | "labels",
  what: string,
  columns = 1,
): Uint8Array<ArrayBuffer> {
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
  if (type === "uint8" && columns === 1) return bytes.subarray(headerBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset + headerBytes);
  const element = ELEMENT_TYPES[type];
  const values = new Uint8Array((fileBytes - headerBytes) / element.bytes / columns);
  const perRow = values.length / sizes[0];
  for (let i = 0; i < values.length; i++) {
    const value = element.read(view, i * columns * element.bytes, false);
    if (value < 0 || value > 255) {
      throw new WeftError(
        `Cannot use ${path}: row ${Math.floor(i / perRow)} has ${value} (${type}), and ` +
          `${kind} are whole numbers from 0 to 255; convert them`,
      );
    }
    values[i] = value;
  }
  return values;
}

function isKnown(magic: number): boolean {
  return magic === IMAGES_MAGIC || magic === LABELS_MAGIC;
}

function hexWord(word: number): string {
  return `0x${word.toString(16).padStart(8, "0")}`;
}
