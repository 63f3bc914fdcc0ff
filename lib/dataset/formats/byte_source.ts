/**
 * Where readers of text take their bytes from: all at once, as text, or piece by piece; gzip is unpacked, UTF-16 becomes
 * UTF-8, and what is no text is refused by its kind.
 */

import { sniff } from "../../bytes/sniff.ts";
import { streamOf, streamPieces } from "../../bytes/stream_pieces.ts";
import { WeftError } from "../../errors.ts";

/** A file's contents: whole, as text, or in pieces. */
export type ByteSource = Uint8Array | string | AsyncIterable<Uint8Array>;

/** Bytes that are read at a time: little enough for a processor's cache, and enough for few calls. */
const PIECE = 1 << 20;

/** Bytes by which a file is recognized. */
const BEGINNING = 512;

/**
 * The bytes of a text, UTF-8, piece by piece. Of gzip one member is read, which is all that browsers unpack.
 *
 * @param name how messages call the file
 * @param remedy what to give instead of a file of another kind
 * @param expected the kind that it should have, if it is one that can be told
 * @throws {WeftError} one line: a file of another kind, damaged gzip or UTF-16
 */
export async function* textPiecesOf(
  source: ByteSource,
  name: string,
  remedy: string,
  expected?: "JSON",
): AsyncGenerator<Uint8Array> {
  let { first, all } = await begun(piecesOf(source));
  if (first[0] === 0x1f && first[1] === 0x8b) ({ first, all } = await begun(unpacked(all, name)));
  const encoding = utf16Of(first);
  if (encoding) return yield* fromUtf16(all, encoding, name);
  const kind = sniff(first);
  if (kind && (expected === undefined || kind.format !== expected)) {
    throw new WeftError(`Cannot read ${name}: it is ${kind.what}; ${kind.remedy ?? remedy}`);
  }
  yield* all;
}

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (typeof source === "string") source = new TextEncoder().encode(source);
  if (!(source instanceof Uint8Array)) return yield* source;
  for (let at = 0; at < source.length; at += PIECE) yield source.subarray(at, at + PIECE);
}

/** The beginning of what comes, and all of it. */
async function begun(pieces: AsyncGenerator<Uint8Array>) {
  let first = new Uint8Array(0);
  while (first.length < BEGINNING) {
    const { value, done } = await pieces.next();
    if (done) break;
    const both = new Uint8Array(first.length + value.length);
    both.set(first);
    both.set(value, first.length);
    first = both;
  }
  const all = async function* () {
    if (first.length > 0) yield first;
    yield* pieces;
  };
  return { first, all: all() };
}

async function* unpacked(
  pieces: AsyncGenerator<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const packed = streamOf(pieces) as ReadableStream<Uint8Array<ArrayBuffer>>;
  try {
    yield* streamPieces(packed.pipeThrough(new DecompressionStream("gzip")));
  } catch (error) {
    if (error instanceof WeftError) throw error;
    throw new WeftError(
      `Cannot read ${name}: its gzip is damaged or breaks off, or has several members; copy it again, or unpack it with gunzip`,
    );
  }
}

async function* fromUtf16(
  pieces: AsyncGenerator<Uint8Array>,
  encoding: "utf-16le" | "utf-16be",
  name: string,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  const convert = (piece: Uint8Array, stream: boolean) => {
    try {
      return encoder.encode(decoder.decode(piece, { stream }));
    } catch {
      throw new WeftError(
        `Cannot read ${name}: it begins as UTF-16 and is none; save the file as UTF-8`,
      );
    }
  };
  for await (const piece of pieces) yield convert(piece, true);
  yield convert(new Uint8Array(0), false);
}

function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}
