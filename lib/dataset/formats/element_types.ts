/** Types of numbers in files of arrays: how many bytes an element has, what they become, and how one is read. */

import { float16At } from "../../bytes/float16.ts";

/** NumPy's names. */
export type DType =
  | "bool"
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "uint32"
  | "int32"
  | "uint64"
  | "int64"
  | "float16"
  | "float32"
  | "float64";

/** An array of numbers, row-major. */
export interface NdArray {
  /** Sizes of its axes; empty for a single number. */
  readonly shape: readonly number[];
  /** As many as the sizes multiplied, row by row. */
  readonly values: NdValues;
  /** What the file had; 64-bit whole numbers become float64, and booleans bytes. */
  readonly dtype?: DType;
}

/** What numbers of an array are kept in. */
export type NdValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

export interface ElementType {
  readonly bytes: number;
  readonly make: (length: number) => NdValues;
  readonly read: (view: DataView, at: number, isLittle: boolean) => number;
  /** Takes values as they are in memory; only where that is how they are in files, too. */
  readonly wrap?: (buffer: ArrayBuffer) => NdValues;
}

export const ELEMENT_TYPES: Readonly<Record<DType, ElementType>> = {
  bool: {
    bytes: 1,
    make: (n) => new Uint8Array(n),
    read: (view, at) => view.getUint8(at) === 0 ? 0 : 1,
  },
  uint8: {
    bytes: 1,
    make: (n) => new Uint8Array(n),
    read: (view, at) => view.getUint8(at),
    wrap: (buffer) => new Uint8Array(buffer),
  },
  int8: {
    bytes: 1,
    make: (n) => new Int8Array(n),
    read: (view, at) => view.getInt8(at),
    wrap: (buffer) => new Int8Array(buffer),
  },
  uint16: {
    bytes: 2,
    make: (n) => new Uint16Array(n),
    read: (view, at, le) => view.getUint16(at, le),
    wrap: (buffer) => new Uint16Array(buffer),
  },
  int16: {
    bytes: 2,
    make: (n) => new Int16Array(n),
    read: (view, at, le) => view.getInt16(at, le),
    wrap: (buffer) => new Int16Array(buffer),
  },
  uint32: {
    bytes: 4,
    make: (n) => new Uint32Array(n),
    read: (view, at, le) => view.getUint32(at, le),
    wrap: (buffer) => new Uint32Array(buffer),
  },
  int32: {
    bytes: 4,
    make: (n) => new Int32Array(n),
    read: (view, at, le) => view.getInt32(at, le),
    wrap: (buffer) => new Int32Array(buffer),
  },
  uint64: {
    bytes: 8,
    make: (n) => new Float64Array(n),
    read: (view, at, le) => exact(view.getBigUint64(at, le)),
  },
  int64: {
    bytes: 8,
    make: (n) => new Float64Array(n),
    read: (view, at, le) => exact(view.getBigInt64(at, le)),
  },
  float16: {
    bytes: 2,
    make: (n) => new Float32Array(n),
    read: (view, at, le) => float16At(view, at, le),
  },
  float32: {
    bytes: 4,
    make: (n) => new Float32Array(n),
    read: (view, at, le) => view.getFloat32(at, le),
    wrap: (buffer) => new Float32Array(buffer),
  },
  float64: {
    bytes: 8,
    make: (n) => new Float64Array(n),
    read: (view, at, le) => view.getFloat64(at, le),
    wrap: (buffer) => new Float64Array(buffer),
  },
};

/** Whether memory has the lower byte first, as it has wherever Deno runs. */
const IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** How elements stand in a file. */
export interface ElementOrder {
  readonly isLittle: boolean;
  /** Whether the first dimension changes fastest (Fortran's order). */
  readonly isColumnMajor?: boolean;
}

/**
 * Elements of an array from its bytes, which are as many as the shape takes.
 *
 * @returns row-major, in memory of their own
 * @throws {RangeError} if a whole number of 64 bits is beyond 2 ** 53; it says which
 */
export function readElements(
  bytes: Uint8Array,
  dtype: DType,
  shape: readonly number[],
  { isLittle, isColumnMajor = false }: ElementOrder,
): NdValues {
  const type = ELEMENT_TYPES[dtype];
  const length = elementCount(shape);
  const isAsInMemory = type.bytes === 1 || isLittle === IS_LITTLE;
  if (type.wrap && isAsInMemory && !isColumnMajor) return type.wrap(new Uint8Array(bytes).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = type.make(length);
  if (!isColumnMajor) {
    for (let i = 0; i < length; i++) values[i] = type.read(view, i * type.bytes, isLittle);
    return values;
  }
  const strides = shape.map((_, i) => elementCount(shape.slice(i + 1)));
  const index = shape.map(() => 0);
  let place = 0;
  for (let i = 0; i < length; i++) {
    values[place] = type.read(view, i * type.bytes, isLittle);
    for (let d = 0; d < shape.length; d++) {
      place += strides[d];
      if (++index[d] < shape[d]) break;
      place -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return values;
}

/** Elements of an array of that shape; one of a shape without dimensions. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function exact(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(String(value));
  return number;
}
