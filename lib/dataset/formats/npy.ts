/**
 * NPY, NumPy's file of one array: a header that is a Python dictionary, then the values. Every type of number is read, in
 * either order of bytes and of dimensions.
 *
 * Source: numpy.lib.format, versions 1.0 to 3.0.
 */

import { float16At } from "../../bytes/float16.ts";
import { WeftError } from "../../errors.ts";

/** An array of numbers, row-major. */
export interface NdArray {
  /** Sizes, the slowest dimension first. */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: NdValues;
}

/** An array's numbers, as close to its own type as JavaScript has. */
export type NdValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

const MAGIC = "\x93NUMPY";

/** A type: how many bytes an element has, what they become, and how one is read. */
interface ElementType {
  readonly bytes: number;
  readonly make: (length: number) => NdValues;
  readonly read: (view: DataView, at: number, isLittle: boolean) => number;
}

const TYPES: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ["b1", {
    bytes: 1,
    make: (n) => new Uint8Array(n),
    read: (view, at) => view.getUint8(at) === 0 ? 0 : 1,
  }],
  ["u1", { bytes: 1, make: (n) => new Uint8Array(n), read: (view, at) => view.getUint8(at) }],
  ["i1", { bytes: 1, make: (n) => new Int8Array(n), read: (view, at) => view.getInt8(at) }],
  ["u2", {
    bytes: 2,
    make: (n) => new Uint16Array(n),
    read: (view, at, le) => view.getUint16(at, le),
  }],
  ["i2", {
    bytes: 2,
    make: (n) => new Int16Array(n),
    read: (view, at, le) => view.getInt16(at, le),
  }],
  ["u4", {
    bytes: 4,
    make: (n) => new Uint32Array(n),
    read: (view, at, le) => view.getUint32(at, le),
  }],
  ["i4", {
    bytes: 4,
    make: (n) => new Int32Array(n),
    read: (view, at, le) => view.getInt32(at, le),
  }],
  ["u8", {
    bytes: 8,
    make: (n) => new Float64Array(n),
    read: (view, at, le) => exact(view.getBigUint64(at, le)),
  }],
  ["i8", {
    bytes: 8,
    make: (n) => new Float64Array(n),
    read: (view, at, le) => exact(view.getBigInt64(at, le)),
  }],
  ["f2", {
    bytes: 2,
    make: (n) => new Float32Array(n),
    read: (view, at, le) => float16At(view, at, le),
  }],
  ["f4", {
    bytes: 4,
    make: (n) => new Float32Array(n),
    read: (view, at, le) => view.getFloat32(at, le),
  }],
  ["f8", {
    bytes: 8,
    make: (n) => new Float64Array(n),
    read: (view, at, le) => view.getFloat64(at, le),
  }],
]);

/**
 * Reads an array. Whole numbers of 64 bits become float64.
 *
 * @param name how messages call the file
 * @throws {WeftError} one line: no NPY, objects or text in it, bytes missing or left over, whole numbers beyond 2 ** 53
 */
export function readNpy(bytes: Uint8Array, name = "the NPY"): NdArray {
  const { header, dataAt } = readHeader(bytes, name);
  const { descr, isFortran, shape } = parseHeader(header, name);
  const type = TYPES.get(descr.slice(1));
  if (type === undefined || !"<>|=".includes(descr[0])) {
    throw new WeftError(
      `Cannot read ${name}: its elements are of the type ${
        meaningOf(descr)
      }; save an array of numbers`,
    );
  }
  const length = shape.reduce((product, size) => product * size, 1);
  const expected = dataAt + length * type.bytes;
  if (!(bytes.length === expected)) {
    throw new WeftError(
      `Cannot read ${name}: an array of ${
        shape.join(" x ") || "one number"
      } takes ${expected} bytes, and the file has ` +
        `${bytes.length}; copy or save it again`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataAt, length * type.bytes);
  const isLittle = descr[0] !== ">";
  const values = type.make(length);
  try {
    if (isFortran) {
      let at = 0;
      for (const place of columnMajorPlaces(shape)) {
        values[place] = type.read(view, at++ * type.bytes, isLittle);
      }
    } else for (let i = 0; i < length; i++) values[i] = type.read(view, i * type.bytes, isLittle);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new WeftError(
      `Cannot read ${name}: it holds ${error.message}, beyond 2 ** 53; save it as float64`,
    );
  }
  return { shape, values };
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
  return { descr, isFortran: order === "True", shape };
}

/** Where the elements of a column-major array, one after the other, stand in a row-major one. */
function* columnMajorPlaces(shape: readonly number[]): Generator<number> {
  const length = shape.reduce((product, size) => product * size, 1);
  const strides = shape.map((_, i) =>
    shape.slice(i + 1).reduce((product, size) => product * size, 1)
  );
  const index = shape.map(() => 0);
  for (let i = 0; i < length; i++) {
    yield index.reduce((place, at, d) => place + at * strides[d], 0);
    for (let d = 0; d < shape.length && ++index[d] === shape[d]; d++) index[d] = 0;
  }
}

function exact(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(String(value));
  return number;
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
