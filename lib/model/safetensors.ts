/**
 * Reads and writes safetensors, the format that Hugging Face's tools read: 8 bytes with the length
 * of a header (unsigned, little-endian), the header (JSON, padded with spaces to a multiple of 8
 * bytes), and the numbers of one tensor after another. See https://huggingface.co/docs/safetensors.
 *
 * Weft writes float32 only. It reads float32, and from elsewhere other floating-point numbers too.
 * Reading trusts nothing: a model may come from anywhere.
 *
 * Glossary: the data are the bytes after the header; `data_offsets` count from their beginning.
 */

import { sniffed } from "../bytes/sniff.ts";
import { WeftError } from "../errors.ts";
import { BFLOAT16, FLOAT16, FLOAT32, FLOAT64, type NumberType } from "./number_types.ts";
import { type OtherEntry, parseHeader, type TensorEntry } from "./safetensors_header.ts";

/** The header's length comes first, in as many bytes. */
const LENGTH_BYTES = 8;

/** As in the reference reader: a longer header is an attack or a damaged file. */
const MAX_HEADER_BYTES = 100_000_000;

const FLOAT32_BYTES = FLOAT32.bytes;

/** Whether numbers lie in memory as they do in a file: then they are copied, which is much faster. */
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Row-major float32 numbers and their shape; the shape `[]` holds one number. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** Row-major numbers of any floating-point type, none of them rounded, and their shape. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
}

/** A tensor to write. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a file holds. Maps, so that a name like `constructor` is a name like any other. */
export interface SafetensorsFile {
  /** In the order of their data. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Encodes tensors as one safetensors file. The same input gives the same bytes.
 *
 * @param tensors Written in this order; each name once.
 * @param metadata Texts to store beside them.
 * @throws {RangeError} If a name comes twice or is reserved, or a shape does not hold as many
 *     numbers as the data.
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header = new Map<string, unknown>([["__metadata__", metadata]]);
  let dataBytes = 0;
  for (const { name, shape, data } of tensors) {
    if (header.has(name) || name === "__proto__") {
      throw new RangeError(`Cannot write a tensor named "${name}": the name is taken or reserved`);
    }
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== data.length) {
      throw new RangeError(
        `Cannot write tensor "${name}": ` +
          `shape [${shape}] holds ${size} numbers, its data ${data.length}`,
      );
    }
    const end = dataBytes + data.length * FLOAT32_BYTES;
    header.set(name, { dtype: "F32", shape, data_offsets: [dataBytes, end] });
    dataBytes = end;
  }
  const headerText = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(headerText.length / 8) * 8;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + dataBytes);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(headerText, LENGTH_BYTES);
  let offset = LENGTH_BYTES + headerBytes;
  for (const { data } of tensors) {
    file.set(bytesInFile(data), offset);
    offset += data.byteLength;
  }
  return file;
}

/** The bytes that numbers have in a file; where they have them in memory, too, these are not copied. */
export function bytesInFile(data: Float32Array): Uint8Array {
  if (IS_LITTLE_ENDIAN) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const view = new DataView(new ArrayBuffer(data.byteLength));
  data.forEach((value, i) => view.setFloat32(i * FLOAT32_BYTES, value, true));
  return new Uint8Array(view.buffer);
}

/**
 * Decodes a safetensors file. The numbers are copied, so `bytes` may lie at any offset and may be
 * reused. Numbers that are not finite pass; see `requireFinite`.
 *
 * @param bytes The whole file.
 * @param source What to call the file in errors, such as its path.
 * @throws {WeftError} If the file is no safetensors file, is damaged, or holds numbers other than
 *     float32.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): SafetensorsFile {
  const { view, dataStart, entries, metadata } = open(bytes, source, [FLOAT32]);
  const tensors = new Map<string, Tensor>();
  for (const entry of entries) {
    tensors.set(entry.name, {
      shape: entry.shape,
      data: readNumbers(view, dataStart, entry, new Float32Array(count(entry))),
    });
  }
  return { tensors, metadata };
}

/**
 * Decodes a safetensors file whose tensors may be float16, bfloat16, float32 or float64, each its
 * own. What fits a float32 comes as one; float64 stays what it is.
 *
 * @param bytes The whole file.
 * @param source What to call the file in errors, such as its path.
 * @param others Takes the types of all other tensors by name, such as "I64"; without it they are refused.
 * @returns The tensors by name, in the order of their data.
 * @throws {WeftError} As `decodeSafetensors`.
 */
export function decodeFloatTensors(
  bytes: Uint8Array,
  source: string,
  others?: Map<string, string>,
): ReadonlyMap<string, FloatTensor> {
  const types = [FLOAT32, FLOAT64, FLOAT16, BFLOAT16];
  const opened = open(bytes, source, types, others !== undefined);
  const { view, dataStart, entries } = opened;
  for (const { name, code } of opened.others) others?.set(name, code);
  const tensors = new Map<string, FloatTensor>();
  for (const entry of entries) {
    const Numbers = entry.type === FLOAT64 ? Float64Array : Float32Array;
    const data = readNumbers(view, dataStart, entry, new Numbers(count(entry)));
    tensors.set(entry.name, { shape: entry.shape, data });
  }
  return tensors;
}

/** A file whose header is known to be honest. */
interface OpenFile {
  readonly view: DataView;
  /** The first byte of the data. */
  readonly dataStart: number;
  /** In the order of their data. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly others: readonly OtherEntry[];
}

function open(
  bytes: Uint8Array,
  source: string,
  types: readonly NumberType[],
  withOthers = false,
): OpenFile {
  refuseOther(bytes, source);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = LENGTH_BYTES + headerLength(view, source);
  const { tensors: entries, metadata, others } = parseHeader(
    bytes.subarray(LENGTH_BYTES, dataStart),
    bytes.length - dataStart,
    source,
    types,
    withOthers,
  );
  return { view, dataStart, entries, metadata, others };
}

/**
 * Refuses weights that are NaN or infinite: one of them makes every prediction NaN.
 *
 * @throws {WeftError} Naming the first such number by its tensor and its index, one number a
 *     dimension.
 */
export function requireFinite(tensors: ReadonlyMap<string, FloatTensor>, source: string): void {
  for (const [name, { shape, data }] of tensors) {
    const position = data.findIndex((value) => !Number.isFinite(value));
    if (position < 0) continue;
    throw new WeftError(
      `Cannot use ${source}: tensor ${JSON.stringify(name)} is ${data[position]} at ` +
        `[${indexOf(position, shape)}], and weights must be finite; train the model again.`,
    );
  }
}

/** Says what a file is that is none. */
function refuseOther(bytes: Uint8Array, source: string): void {
  const other = sniffed(bytes, "safetensors", "give a safetensors file");
  if (other) throw new WeftError(`Cannot read ${source} as safetensors: ${other}.`);
}

/** Where the header's length lies, that many bytes of header must follow. */
function headerLength(view: DataView, source: string): number {
  if (view.byteLength < LENGTH_BYTES) {
    throw new WeftError(
      `Cannot read ${source} as safetensors: it is ${view.byteLength} bytes long, ` +
        "too short for a header; it is truncated or no model.",
    );
  }
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new WeftError(
      `Cannot read ${source} as safetensors: its first 8 bytes announce a header of ${length} ` +
        `bytes, and at most ${MAX_HEADER_BYTES} are read; it is damaged or no model.`,
    );
  }
  const available = view.byteLength - LENGTH_BYTES;
  if (length > available) {
    throw new WeftError(
      `Cannot read ${source} as safetensors: its first 8 bytes announce a header of ${length} ` +
        `bytes, but only ${available} follow; it is truncated or no model.`,
    );
  }
  return Number(length);
}

/** How many numbers a tensor has. */
function count({ begin, end, type }: TensorEntry): number {
  return (end - begin) / type.bytes;
}

/** Through a DataView, which reads little-endian numbers at any offset and on any machine. */
function readNumbers<T extends Float32Array | Float64Array>(
  view: DataView,
  dataStart: number,
  { begin, type }: TensorEntry,
  numbers: T,
): T {
  for (let i = 0, offset = dataStart + begin; i < numbers.length; i++) {
    numbers[i] = type.read(view, offset);
    offset += type.bytes;
  }
  return numbers;
}

/** The index of the number at `position` in row-major order, one number a dimension. */
function indexOf(position: number, shape: readonly number[]): string {
  const index: number[] = [];
  for (const length of shape.toReversed()) {
    index.unshift(position % length);
    position = Math.floor(position / length);
  }
  return index.join(", ");
}
