/**
 * Writes Protocol Buffers, as much of the format as ONNX needs: a message is its fields, one after
 * another; a field is a tag (its number and its kind), then a varint, four bytes, or a length and as
 * many bytes.
 * A message inside another is such bytes. See https://protobuf.dev/programming-guides/encoding.
 *
 * Fields are lists of pieces, and pieces are copied once, by `encodeMessage`: weights may be many
 * megabytes and lie four messages deep.
 */

/** Pieces of bytes to be written one after another. */
export interface Field {
  readonly pieces: readonly Uint8Array[];
  /** Bytes of all pieces. */
  readonly length: number;
}

/** The kinds of field, as tags number them. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const encoder = new TextEncoder();

/**
 * A whole number, an enumeration's value or a truth.
 *
 * @throws {RangeError} If it is negative or not a whole number that float64 holds exactly: nothing
 *     that Weft writes is.
 */
export function varintField(number: number, value: number): Field {
  return fieldOf([new Uint8Array([...varint(tag(number, VARINT)), ...varint(value)])]);
}

/** A number of 32 bits: `value` rounded to float32. */
export function floatField(number: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return fieldOf([new Uint8Array([...varint(tag(number, FIXED32)), ...bytes])]);
}

/** A text, in UTF-8. */
export function textField(number: number, text: string): Field {
  return bytesField(number, encoder.encode(text));
}

/** Bytes as they are. */
export function bytesField(number: number, bytes: Uint8Array): Field {
  return lengthDelimited(number, [bytes]);
}

/** A message inside another. */
export function messageField(number: number, fields: readonly Field[]): Field {
  return lengthDelimited(number, fields.flatMap(({ pieces }) => pieces));
}

/** The bytes of a message that is inside no other: a file. */
export function encodeMessage(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of fields.flatMap(({ pieces }) => pieces)) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

function lengthDelimited(number: number, pieces: readonly Uint8Array[]): Field {
  const { length } = fieldOf(pieces);
  const start = new Uint8Array([...varint(tag(number, LENGTH_DELIMITED)), ...varint(length)]);
  return fieldOf([start, ...pieces]);
}

function fieldOf(pieces: readonly Uint8Array[]): Field {
  return { pieces, length: pieces.reduce((sum, { length }) => sum + length, 0) };
}

function tag(number: number, kind: number): number {
  return number * 8 + kind;
}

/** Seven bits a byte, the lowest first; all bytes but the last have their top bit set. */
function varint(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`Cannot write ${value} as a varint: it must be a whole number from 0 up`);
  }
  const bytes: number[] = [];
  // By division, because bitwise operators stop at 32 bits.
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push(value % 0x80 + 0x80);
  return [...bytes, value];
}
