/**
 * NPY, NumPy's file of one array: a header that is a Python dictionary, then the values. Every type of number is read, in
 * either order of bytes and of dimensions.
 *
 * Source: numpy.lib.format, versions 1.0 to 3.0.
 */

import { WeftError } from "../../errors.ts";
import {
  type DType,
  ELEMENT_TYPES,
  elementCount,
  type NdArray,
  type NdValues,
  readElements,
} from "./element_types.ts";

export type { DType, NdArray, NdValues };

const MAGIC = "\x93NUMPY";

/** NumPy allows no more. */
const MOST_DIMENSIONS = 64;

/** Types by what stands behind the order of bytes in `descr`. */
const TYPES: ReadonlyMap<string, DType> = new Map<string, DType>([
  ["b1", "bool"],
  ["u1", "uint8"],
  ["i1", "int8"],
  ["u2", "uint16"],
  ["i2", "int16"],
  ["u4", "uint32"],
  ["i4", "int32"],
  ["u8", "uint64"],
  ["i8", "int64"],
  ["f2", "float16"],
  ["f4", "float32"],
  ["f8", "float64"],
]);

/** An array of texts, such as names of classes. */
export interface NdTexts {
  /** Sizes of its axes. */
  readonly shape: readonly number[];
  /** As many as the sizes multiplied, row by row. */
  readonly values: readonly string[];
  /** That these are no numbers. */
  readonly dtype: "text";
}

/**
 * Reads an array. Whole numbers of 64 bits become float64.
 *
 * @param name how messages call the file
 * @throws {WeftError} one line: no NPY, objects or text in it, bytes missing or left over, whole numbers beyond 2 ** 53
 */
export function readNpy(bytes: Uint8Array, name = "the NPY"): NdArray {
  const { header, dataAt } = readHeader(bytes, name);
  const { descr, isFortran, shape } = parseHeader(header, name);
  const dtype = TYPES.get(descr.slice(1));
  if (dtype === undefined || !"<>|=".includes(descr[0])) {
    throw new WeftError(
      `Cannot read ${name}: its elements are of the type ${
        meaningOf(descr)
      }; save an array of numbers`,
    );
  }
  const data = dataOf(bytes, dataAt, shape, ELEMENT_TYPES[dtype].bytes, name);
  try {
    const order = { isLittle: descr[0] !== ">", isColumnMajor: isFortran };
    return { shape, values: readElements(data, dtype, shape, order), dtype };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new WeftError(
      `Cannot read ${name}: it holds ${error.message}, beyond 2 ** 53; save it as float64`,
    );
  }
}

/**
 * Reads an array that says what rows are: numbers, or texts.
 *
 * @throws {WeftError} as `readNpy`
 */
export function readNpyLabels(bytes: Uint8Array, name = "the NPY"): NdArray | NdTexts {
  const { header, dataAt } = readHeader(bytes, name);
  const { descr, isFortran, shape } = parseHeader(header, name);
  const [, order, kind, length] = /^([<>|=])([US])([1-9]\d*)$/.exec(descr) ?? [];
  if (kind === undefined) return readNpy(bytes, name);
  const size = Number(length) * (kind === "U" ? 4 : 1);
  const data = dataOf(bytes, dataAt, shape, size, name);
  if (isFortran && shape.length > 1) {
    throw new WeftError(
      `Cannot read ${name}: it has texts in Fortran's order; save it in one dimension`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const isLittle = order !== ">";
  const values = Array.from({ length: elementCount(shape) }, (_, i) => {
    let text = "";
    for (let at = i * size; at < (i + 1) * size; at += kind === "U" ? 4 : 1) {
      const code = kind === "U" ? view.getUint32(at, isLittle) : view.getUint8(at);
      if (code > 0x10ffff) {
        throw new WeftError(`Cannot read ${name}: it is damaged; copy or save it again`);
      }
      text += String.fromCodePoint(code);
    }
    return text.replace(/\0+$/, "");
  });
  return { shape, values, dtype: "text" };
}

/** What follows the header. @throws {WeftError} if it is not as long as the shape says */
function dataOf(
  bytes: Uint8Array,
  dataAt: number,
  shape: readonly number[],
  elementBytes: number,
  name: string,
): Uint8Array {
  const expected = dataAt + elementCount(shape) * elementBytes;
  if (bytes.length === expected) return bytes.subarray(dataAt);
  throw new WeftError(
    `Cannot read ${name}: an array of ${
      shape.join(" x ") || "one number"
    } takes ${expected} bytes, and the file has ${bytes.length}; copy or save it again`,
  );
}

function readHeader(bytes: Uint8Array, name: string): { header: string; dataAt: number } {
  const start = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (start !== MAGIC || bytes.length < 12) {
    throw new WeftError(`Cannot read ${name}: it is no NPY file; save it with numpy.save`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLong = bytes[6] >= 2;
  const headerAt = isLong ? 12 : 10;
  const dataAt = headerAt + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  if (dataAt > bytes.length) {
    throw new WeftError(
      `Cannot read ${name}: it breaks off within its header; copy or save it again`,
    );
  }
  return { header: new TextDecoder().decode(bytes.subarray(headerAt, dataAt)), dataAt };
}

/** The dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. */
function parseHeader(header: string, name: string) {
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\sL]*)\)/.exec(header)?.[1];
  if (descr === undefined && header.includes("'descr'")) {
    throw new WeftError(
      `Cannot read ${name}: its elements are records of several fields; save an array of numbers`,
    );
  }
  if (descr === undefined || order === undefined || sizes === undefined) {
    throw new WeftError(`Cannot read ${name}: its header is damaged; copy or save it again`);
  }
  const shape = sizes.split(",").map((size) => size.trim().replace(/L$/, "")).filter((size) =>
    size !== ""
  ).map(Number);
  if (shape.length > MOST_DIMENSIONS || !shape.every(Number.isSafeInteger)) {
    throw new WeftError(`Cannot read ${name}: its header is damaged; copy or save it again`);
  }
  return { descr, isFortran: order === "True", shape };
}

function meaningOf(descr: string): string {
  const kind = descr[1] === "O"
    ? "Python objects"
    : descr[1] === "U" || descr[1] === "S"
    ? "text"
    : descr[1] === "c"
    ? "complex numbers"
    : descr[1] === "M" || descr[1] === "m"
    ? "dates"
    : null;
  return kind === null ? descr : `${descr} (${kind})`;
}
