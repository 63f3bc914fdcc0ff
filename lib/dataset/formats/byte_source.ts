/** Where readers of text take their bytes from: all at once, as text, or piece by piece, in UTF-8 or UTF-16. */

import { WeftError } from "../../errors.ts";

export type ByteSource = Uint8Array | string | AsyncIterable<Uint8Array>;

/** Bytes that are read at a time: little enough for a processor's cache, and enough for few calls. */
const PIECE = 1 << 20;

/** The bytes of a source, piece by piece; text becomes UTF-8. */
export async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (typeof source === "string") source = new TextEncoder().encode(source);
  if (!(source instanceof Uint8Array)) return yield* source;
  for (let at = 0; at < source.length; at += PIECE) yield source.subarray(at, at + PIECE);
}

/** The same in UTF-8: what begins with UTF-16's byte order mark is converted. */
export async function* utf8PiecesOf(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | null | undefined;
  let first = new Uint8Array(0);
  const encoder = new TextEncoder();
  const convert = (piece: Uint8Array, stream: boolean) => {
    try {
      return encoder.encode(decoder!.decode(piece, { stream }));
    } catch {
      throw new WeftError(
        `Cannot read ${name}: it begins as UTF-16 and is none; save the file as UTF-8`,
      );
    }
  };
  for await (let piece of pieces) {
    if (decoder === undefined) {
      // The mark may come in two pieces.
      if (first.length > 0) piece = new Uint8Array([...first, ...piece]);
      if (piece.length < 2) {
        first = piece.slice();
        continue;
      }
      const encoding = utf16Of(piece);
      decoder = encoding && new TextDecoder(encoding, { fatal: true });
    }
    yield decoder ? convert(piece, true) : piece;
  }
  if (decoder === undefined) yield first;
  if (decoder) yield convert(new Uint8Array(0), false);
}

function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}
