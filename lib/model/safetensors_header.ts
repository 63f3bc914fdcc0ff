/**
 * Checks the JSON header of a safetensors file: which tensors it announces, and that they fill its
 * data exactly, one after another, without a gap or an overlap. (An overlap could make a small file
 * fill all memory; a gap could hide anything.)
 */

import { repeatedKey } from "../bytes/json_keys.ts";
import { WeftError } from "../errors.ts";
import type { NumberType } from "./number_types.ts";

/** One tensor, as the header announces it and as it was found to be possible. */
export interface TensorEntry {
  readonly name: string;
  readonly type: NumberType;
  readonly shape: readonly number[];
  /** The first byte of its data, and the first after it, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** A tensor whose numbers are of a type that is not read. */
export interface OtherEntry extends Omit<TensorEntry, "type" | "shape"> {
  /** As the header calls its type, such as "I64". */
  readonly code: string;
}

export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly tensors: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
  /** None unless they are asked for. */
  readonly others: readonly OtherEntry[];
}

/**
 * @param bytes The header: JSON in UTF-8, padded with spaces.
 * @param dataBytes How many bytes follow it in the file.
 * @param source What to call the file in errors.
 * @param types What its numbers may be; all others are refused, unless `withOthers`.
 * @throws {WeftError} Naming the first thing that is wrong.
 */
export function parseHeader(
  bytes: Uint8Array,
  dataBytes: number,
  source: string,
  types: readonly NumberType[],
  withOthers = false,
): SafetensorsHeader {
  const refuse = (reason: string): never => {
    throw new WeftError(`Cannot read ${source} as safetensors: ${reason}.`);
  };
  const { text, object } = parseObject(bytes, refuse);
  let metadata: ReadonlyMap<string, string> = new Map();
  const tensors: TensorEntry[] = [];
  const others: OtherEntry[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (name === "__metadata__") {
      metadata = toMetadata(value, refuse);
      continue;
    }
    const entry = toEntry(name, value, dataBytes, types, withOthers, refuse);
    if ("code" in entry) others.push(entry);
    else tensors.push(entry);
  }
  const twice = repeatedKey(text);
  if (twice !== null) refuse(`its header names ${quote(twice)} twice`);
  const order = (a: Extent, b: Extent) => a.begin - b.begin || a.end - b.end;
  tensors.sort(order);
  refuseGaps([...tensors, ...others].sort(order), dataBytes, refuse);
  return { tensors, metadata, others };
}

/**
 * More are an attack: memory holds dozens of bytes for each, and a header of 800,000 tensors has as many.
 */
const MAX_PARTS = 8_000_000;

const [QUOTE, BACKSLASH, OPEN_BRACE, OPEN_BRACKET, COMMA] = new TextEncoder().encode('"\\{[,');

type Extent = Pick<TensorEntry, "name" | "begin" | "end">;

type Refuse = (reason: string) => never;

function parseObject(
  bytes: Uint8Array,
  refuse: Refuse,
): { readonly text: string; readonly object: object } {
  let text: string;
  let value: unknown;
  if (countParts(bytes) > MAX_PARTS) {
    return refuse(`its header has more than ${MAX_PARTS} brackets and commas, so it is no model`);
  }
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    return refuse("its header is not JSON, so it is damaged or no model");
  }
  if (!isObject(value)) return refuse("its header is not a JSON object");
  return { text, object: value };
}

/** Brackets and commas outside strings, of which JSON makes a list or an entry each. */
function countParts(bytes: Uint8Array): number {
  let count = 0;
  let isText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (isText && byte === BACKSLASH) i++;
    else if (byte === QUOTE) isText = !isText;
    else if (!isText && (byte === OPEN_BRACE || byte === OPEN_BRACKET || byte === COMMA)) count++;
  }
  return count;
}

/** Null is as good as none: some writers give it. */
function toMetadata(value: unknown, refuse: Refuse): ReadonlyMap<string, string> {
  if (value === null) return new Map();
  if (!isObject(value)) return refuse("its __metadata__ is not a JSON object");
  const metadata = new Map<string, string>();
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") return refuse(`its metadata ${quote(key)} is not a string`);
    metadata.set(key, text);
  }
  return metadata;
}

function toEntry(
  name: string,
  value: unknown,
  dataBytes: number,
  types: readonly NumberType[],
  withOthers: boolean,
  refuse: Refuse,
): TensorEntry | OtherEntry {
  const tensor = `tensor ${quote(name)}`;
  if (name === "__proto__") return refuse(`${tensor} has a name that no tensor may have`);
  if (!isObject(value)) return refuse(`${tensor} is not described by a JSON object`);
  const { dtype, shape, data_offsets: offsets } = value as Readonly<Record<string, unknown>>;
  const type = types.find(({ code }) => code === dtype);
  const isOther = !type && withOthers && typeof dtype === "string";
  if (!type && !isOther) {
    const known = types.map(({ code, name }) => `"${code}" (${name})`).join(" or ");
    const found = typeof dtype === "string" ? quote(dtype) : "not given";
    return refuse(`${tensor} must be of type ${known}, and its type is ${found}`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    return refuse(`the shape of ${tensor} is not a list of whole numbers from 0 up`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return refuse(`the data_offsets of ${tensor} are not two whole numbers from 0 up`);
  }
  const [begin, end] = offsets;
  if (begin > end || end > dataBytes) {
    return refuse(
      `${tensor} is said to lie at bytes ${begin} to ${end} of the data, ` +
        `which are ${dataBytes} bytes long`,
    );
  }
  if (!type) return { name, code: String(dtype), begin, end };
  const expected = shape.reduce((product, length) => product * length, type.bytes);
  if (end - begin !== expected) {
    const dimensions = shape.length > 8 ? [...shape.slice(0, 8), "..."] : shape;
    return refuse(
      `${tensor} of shape [${dimensions.join(", ")}] needs ${expected} bytes, ` +
        `and has ${end - begin}`,
    );
  }
  return { name, type, shape, begin, end };
}

/** @param tensors Sorted by where they begin. */
function refuseGaps(tensors: readonly Extent[], dataBytes: number, refuse: Refuse): void {
  let end = 0;
  for (const tensor of tensors) {
    if (tensor.begin < end) {
      refuse(`tensor ${quote(tensor.name)} overlaps the one before it, at byte ${tensor.begin}`);
    }
    if (tensor.begin > end) {
      refuse(`no tensor owns bytes ${end} to ${tensor.begin} of the data`);
    }
    end = tensor.end;
  }
  if (end < dataBytes) refuse(`no tensor owns bytes ${end} to ${dataBytes} of the data`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `value` is a whole number from 0 up that float64 holds exactly. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A name from the file, on one line and short, whatever it holds. */
function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}...` : name);
}
