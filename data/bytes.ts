/** Streams of bytes into one buffer, and gzip. */

import { WeftError } from "../lib/errors.ts";

/** No deflate stream holds more than this many bytes for each of its own. */
const MAX_DEFLATE_RATIO = 1032;
/** Decompressed at a time: enough to make calls rare, little enough not to hold the data twice. */
const SLICE_BYTES = 1 << 16;
/** ID1, ID2: the first two bytes of every gzip file. An IDX file begins with two zeros. */
const GZIP_ID = [0x1f, 0x8b] as const;

/**
 * Gathers a stream into one array.
 *
 * @param sizeHint bytes to expect; where it is right, nothing is copied twice
 * @param maxBytes more than these are refused
 * @throws {WeftError} where the stream is longer than `maxBytes`
 */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array>,
  sizeHint: number,
  maxBytes = Infinity,
): Promise<Uint8Array<ArrayBuffer>> {
  let buffer = new Uint8Array(Math.min(sizeHint, maxBytes));
  let length = 0;
  for await (const chunk of chunks) {
    const needed = length + chunk.length;
    if (needed > maxBytes) throw new WeftError(`it is larger than the ${maxBytes} bytes expected`);
    if (needed > buffer.length) {
      buffer = new Uint8Array(buffer.buffer.transfer(Math.max(needed, 2 * buffer.length)));
    }
    buffer.set(chunk, length);
    length = needed;
  }
  return length === buffer.length ? buffer : new Uint8Array(buffer.buffer.transfer(length));
}

/**
 * Decompresses what is gzip and returns anything else as it is: browsers and proxies sometimes
 * decompress a file on the way, and leave its name.
 *
 * @param path for the message
 * @param maxBytes more decompressed bytes are refused
 * @throws {WeftError} where the gzip stream is damaged or breaks off, or is longer than `maxBytes`
 */
export async function gunzipIfGzip(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes = Infinity,
): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] !== GZIP_ID[0] || bytes[1] !== GZIP_ID[1]) return bytes;
  const stream = ReadableStream.from(slices(bytes)).pipeThrough(new DecompressionStream("gzip"));
  try {
    return await collectBytes(stream, announcedSize(bytes), maxBytes);
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
