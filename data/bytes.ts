/** Streams of bytes into one buffer, and gzip. */

import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { MOST_BYTES } from "../lib/bytes/read_file.ts";
import { resized } from "../lib/bytes/resized.ts";
import { WeftError } from "../lib/errors.ts";

/** In which a file may say how long it is: more than any IDX header takes. */
const BEGINNING_BYTES = 64;
/** No deflate stream holds more than this many bytes for each of its own. */
const MAX_DEFLATE_RATIO = 1032;
/** Decompressed at a time: enough to make calls rare, little enough not to hold the data twice. */
const SLICE_BYTES = 1 << 16;
/** ID1, ID2: the first two bytes of every gzip file. An IDX file begins with two zeros. */
const GZIP_ID = [0x1f, 0x8b] as const;

/** How many bytes there may be: a number, or what the first bytes say of it. */
export type Limit = number | ((beginning: Uint8Array) => number);

/**
 * Gathers a stream into one array.
 *
 * @param sizeHint bytes to expect; where it is right, nothing is copied twice
 * @param limit more bytes are refused
 * @throws {WeftError} where the stream is longer than that
 */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array>,
  sizeHint: number,
  limit: Limit = MOST_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  let maxBytes = typeof limit === "number" ? limit : MOST_BYTES;
  let buffer = new Uint8Array(Math.min(sizeHint, maxBytes));
  let length = 0;
  for await (const chunk of chunks) {
    if (typeof limit === "function" && length < BEGINNING_BYTES) {
      const beginning = [...buffer.subarray(0, length), ...chunk.subarray(0, BEGINNING_BYTES)];
      maxBytes = limit(Uint8Array.from(beginning));
    }
    const needed = length + chunk.length;
    if (needed > maxBytes) throw new WeftError(`it is larger than the ${maxBytes} bytes expected`);
    if (needed > buffer.length) {
      buffer = resized(buffer, Math.max(needed, 2 * buffer.length));
    }
    buffer.set(chunk, length);
    length = needed;
  }
  return length === buffer.length ? buffer : resized(buffer, length);
}

/**
 * Decompresses what is gzip and returns anything else as it is: browsers and proxies sometimes
 * decompress a file on the way, and leave its name. A file may have several members and zeros after
 * them, as for zcat.
 *
 * @param path for the message
 * @param limit more decompressed bytes are refused
 * @throws {WeftError} where the gzip stream is damaged or breaks off, or is longer than `limit`
 */
export async function gunzipIfGzip(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  limit: Limit = MOST_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] !== GZIP_ID[0] || bytes[1] !== GZIP_ID[1]) return bytes;
  // Not DecompressionStream, which takes one member, and half as long again.
  const stream = Readable.from(slices(bytes)).pipe(createGunzip({ chunkSize: SLICE_BYTES }));
  try {
    return await collectBytes(stream, announcedSize(bytes), limit);
  } catch (error) {
    const reason = error instanceof WeftError
      ? error.message
      : `its gzip stream is damaged or breaks off after ${bytes.length} bytes`;
    throw new WeftError(`Cannot decompress ${path}: ${reason}; copy or download it again`);
  }
}

/**
 * The decompressed size that gzip's last word states, where a stream of this length could be that
 * large.
 */
function announcedSize(bytes: Uint8Array<ArrayBuffer>): number {
  if (bytes.length < 4) return 0;
  const size = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  return Math.min(size, MAX_DEFLATE_RATIO * bytes.length);
}

function* slices(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    yield bytes.subarray(start, start + SLICE_BYTES);
  }
}
